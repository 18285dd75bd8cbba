# 进门的文字:第二验证、通行密钥、会话、自己的账号。键与 en.ftl 相同。

## 第二验证
door-proof-title = 第二步验证
door-proof-lead = { $login },密码正确。还差一步:证明是您本人。
door-code = 验证码
door-code-hint = 验证器应用现在显示的 6 位数字;手机不在身边,就用一个恢复码。每个只能用一次。
door-proof-button = 进入
door-proof-lost = 手机和恢复码都没有了?请管理员重置您的第二验证。
door-proof-leave = 退出,换一个账号
door-passkey = 通行密钥
door-passkey-enter = 用通行密钥登录
door-passkey-failed = 没有成功:设备没有给出回答,或者操作被取消。可以再试一次,或用另一种方式。
door-passkey-known = 这台设备上已经有这个账号的通行密钥。
door-passkey-help = 用这台设备的指纹、面容或锁屏密码。钥匙留在您的设备里,这里只存公钥;以后登录不用密码。
door-passkey-name = 给它起个名字,例如“网点电脑”
door-passkey-add = 添加通行密钥
door-passkey-not-here = 这个地址不能用通行密钥:浏览器要求用域名打开,并且是 https(本机可用 http://localhost)。
door-enrol-title = 添加第二验证
door-enrol-lead = { $login },您的账号还没有第二验证。先添加一个,才能进入工作页面:只知道密码的人就进不来了。
door-enrol-more = 添加一个验证方式。再输一次密码,确认是您本人。
door-app = 验证器应用
door-app-scan = 在手机上打开验证器应用(任何支持 TOTP 的都可以),扫这个二维码。
door-app-square = 验证器应用的二维码
door-app-type = 扫不了,就在应用里手工输入这个密钥(按时间,6 位):
door-app-code = 应用现在显示的 6 位数字
door-app-button = 确认
door-password-again = 您现在的密码
door-codes-title = 恢复码
door-codes-lead = 手机丢了或坏了,用其中一个代替验证码登录。每个只能用一次。
door-codes-once = 只显示这一次。请抄下来或打印,锁好,不要放在电脑桌面上。
door-codes-kept = 我已保存好,继续

## 自己的账号
door-me-title = 我的账号
door-proofs = 第二验证
door-proof-kind = 方式
door-added = 添加时间
door-used = 上次使用
door-never = 还没有用过
door-choose = 操作
door-remove-this = 选这个
door-remove = 删除选中的方式
door-no-proofs = 还没有。建议现在添加一个:密码可能被人看到或猜到。
door-add-proof = 添加验证方式
door-sessions = 登录中的设备
door-sessions-caption = 有不认识的,马上结束它并改密码。
door-device = 设备
door-device-unknown = 认不出的设备
door-address = 来自
door-means = 登录方式
door-means-link = 链接
door-means-password = 密码
door-means-authenticator = 密码加验证器
door-means-recovery = 密码加恢复码
door-means-passkey = 通行密钥
door-means-single_sign_on = 单点登录
door-began = 登录时间
door-seen = 上次活动
door-session-here = 就是这台
door-session-end = 结束
door-session-others = 结束其他所有登录
door-new-password = 新密码
door-change-password = 修改密码,并结束其他登录
door-codes = 恢复码
door-codes-left = 还剩 { $count } 个没有用过。生成新的一组,旧的全部作废。
door-codes-new = 生成新的恢复码

## 管理员
door-account-out = 结束登录
door-account-reset = 重置第二验证
