# 页面上的话。一句话只说一件事,七十岁的人也看得懂。键和 en.ftl 一一对应。

## 每一页都有
brand = 明白
skip = 跳到正文
nav-look = 语言和字号
nav-other-language = English
nav-large = 长辈版大字
nav-normal = 标准字号
nav-colours = 颜色
colours-light = 浅色
colours-dark = 深色
colours-contrast = 高对比度
colours-auto = 跟随手机
person-label = 有疑问找人问
person-ask = 有疑问?问{ $institution }的工作人员
person-call = 拨打 { $phone }
foot-complain = 投诉不会影响您借款、利率和服务。监管投诉热线 12378,反诈劝阻 96110。
foot-reference = 业务编号 { $reference }
error-prefix = 有误:
error-request = 如果要打电话问,请报这个编号:{ $request }
summary-title = 有几处需要您看一下
alarm-mark = 请注意:
listen = 听
listen-stop = 停
listen-silent = 这台设备不能朗读
means = 什么意思?
go-on = 继续
unit-yuan = 元
answer-yes = 有
answer-no = 没有
answer-not-sure = 说不准
choose-one = 请选一项。没有选好的答案,也不会替您选。
steps-of = 第 { $a } 步,共 { $b } 步:
step-about = 开始
step-income = 收入和负债
step-safety = 防骗提问
step-cost = 看清费用
step-read = 逐段阅读
step-answer = 说给我们听
step-consent = 单独同意
step-person = 当面办理
step-paper = 签字和明白纸
step-final = 最后确认

## 链接和验证码
code-title = 输入短信验证码
code-lead = 我们刚给您登记的手机发了 6 位数字,只有您本人能看到。
code-label = 6 位验证码
code-hint = 只有数字。几分钟内有效。
code-button = 打开我的页面
code-coming = 验证码正在发往您登记的手机,收到后填在这里。没收到,请拨打上面的电话。
code-again-title = 欢迎回来
code-again-lead = 这个链接以前打开过。要再进来,我们给您登记的手机发新的 6 位数字。
code-again-button = 把新的验证码发到我的手机
code-never = 不要把验证码告诉任何人
code-never-more = 银行、客服、警察都不会向您要。谁要,谁就是骗子。
code-format = 验证码是 6 位数字,请照短信填写。
dead-title = 这个链接不能用了
dead-lead = 它可能已经用过、过期,或者试错次数太多。这是为了保护您。
dead-next = 请拨打上面的电话,让工作人员给您登记的手机重新发一个链接。

## 开始
start-title = 借钱之前,先弄明白
start-lead = 您在{ $a }申请借 { $b }。签字之前,我们一起把每一分钱看清楚。
start-what = 要做什么
start-what-1 = 看清到手多少、一共还多少、谁收什么钱。
start-what-2 = 慢慢读六小段内容,每段十几秒到一分钟。
start-what-3 = 用您自己的数字回答几个小问题。不是考试,答错了会再讲一遍。
start-what-4 = 到网点或和顾问当面核对身份、签字,最后由您自己确认。
start-long = 要多久
start-long-1 = 大约 15 分钟。随时可以停,改天从停下的地方继续,不会催您。
start-need = 要准备什么
start-need-1 = 本人身份证,您自己的手机。
start-need-2 = 知道自己每月大约收入多少、已有的贷款每月还多少。
start-other = 不方便用手机?
start-other-1 = 可以拨打上面的电话预约,到网点由顾问用纸质材料当面办理,内容完全一样,不多收钱。
start-alone = 请您自己操作
start-alone-1 = 家人可以在旁边看,但每一步都要由您自己决定、自己点。
start-button = 开始

## 收入
income-title = 您每个月还得起吗?
income-lead = 按您的真实情况填。写高了,吃亏的是您自己。
income-income = 您每月到手收入大约多少?
income-income-hint = 工资、养老金、经营收入都算。例如 5000,或 0.5万。
income-debts = 您现有的贷款、信用卡每月一共要还多少?
income-debts-hint = 没有就填 0。
afford-title = 按规定,这笔钱现在还不能借给您
afford-next = 可以少借一些、借久一些,也可以要求人工复核:消保岗会看您的实际情况再答复您。要求复核不会对您有任何不利。请拨打上面的电话。

## 防骗提问
safety-title = 先保护好您自己
safety-lead = 骗子常常借别人的手来贷款。这几个问题只是为了保护您,照实回答就好。
safety-missing = 请回答这个问题。
safety-paused = 我们先停一下
safety-paused-lead = 您的回答里有需要当心的地方。这不是拒绝您,会有专人先和您谈一谈。
pause-call = 可以打这些电话
pause-look-again = 看看现在到哪一步了
human-title = 请顾问给您当面讲一讲
human-lead = 有的地方几次都没有答对,没关系,是我们没讲明白。
human-next = 请拨打上面的电话,或告诉您的顾问。讲过以后就可以接着回答。

## 关键事实
facts-title = 八件要紧的事
facts-lead = 先看钱,再看利率。每一项都可以点开“什么意思”。
facts-button = 看费用总表
fact-principal = 借多少
fact-extra-under = 每借 1 万元,多还 { $amount }

## 费用总表
table-title = 综合融资成本明示表
table-lead = 所有要您出的钱都在这张表里。表上没有的,谁也不能收。
table-kept-note = 这笔贷款放款前会先扣钱,到手的比合同上写的少。请问清楚为什么,再决定。
table-who = 谁借给您
table-product = 产品
table-lender = 出借机构
table-method = 还款方式
table-dates = 期限
table-dates-value = { $a } 放款,{ $b } 还清
table-money = 每一项钱
table-items = 项目、收款方、收费标准、合计
table-item = 项目
table-total-level = 合计
table-principal = 借款本金
table-net = 实际到手 { $amount }
table-kept = 先扣 { $a },实际到手 { $b }
table-row-kept = 从放款中先扣
table-row-deposit = 押金,最后退还
table-payee = 收款方:{ $a }({ $b })
table-level = 年化 { $rate }
table-cost = 利息和费用合计
table-repayable = 您一共要付
table-annual = 年化综合融资成本
table-annual-hint = 总数看完再看比例。每个比例都写明是怎么算的。
table-nominal = 合同年利率(只算利息)
table-why-differ = 几个数为什么不一样?
table-default = 如果没有按约定做
table-default-hint = 只有违约时才会产生,不算在上面的合计里
table-overdue = 逾期罚息
table-misuse = 挪用罚息
table-compound = 欠息再计息(复利)
table-compound-yes = 计收
table-compound-no = 不计收
table-late-fee = 固定逾期费用
table-grace = 宽限天数
table-grace-value = { $days } 天
table-a-year = 年利率 { $rate }
table-digest = 这张表对应的条款指纹:{ $digest }
table-pdf = 下载这张表(PDF)
table-button = 我看过这张表了

## 还款计划
plan-title = 每次还多少钱
plan-lead = 一共还 { $a } 次,加上放款时付的,总共付 { $b }。
plan-at-payout = 放款那天要另外付或先扣 { $amount },不在下面各期里。
plan-caption = 还款计划(单位:元)
plan-when = 期数和日期
plan-pay = 当天要还
plan-n = 第 { $n } 期
plan-left = 还欠本金
plan-pdf = 下载还款计划(PDF)
plan-button = 看看还晚、还早会怎样
chart-principal = 本金
chart-interest = 利息
chart-fees = 费用
chart-says = 共 { $a } 次还款,最多的一次 { $b }。图上每根柱子是一次还款,下面的表里有准确数字。
chart-says-years = 按年合计,共 { $a } 年,最多的一年 { $b }。图上每根柱子是一年,下面的表里有每期的准确数字。

## 还晚还早
late-title = 还晚、还早会怎样
late-late = 如果还晚了
late-example = 举例:第 { $a } 期晚还 { $b } 天。
late-extra = 要多付
late-made-of = 多付的钱是这样算出来的
late-overdue = 逾期罚息
late-compound = 欠息再计息(复利)
late-fee = 固定逾期费用
late-due = 那天一共要还
late-advice = 逾期还会记入征信。还不上的时候,请在到期前打电话,可以商量,不用找“中介”。
late-early = 如果想提前还清
late-ask = 想在哪一期之后还清?
late-count = 算一算
late-early-on = 还完第 { $a } 期({ $b })后全部还清:
late-payoff = 那天再付
late-payoff-of = 其中和省下的钱
late-early-fee-row = 提前还款手续费
late-accrued-row = 到那天的利息
late-refund-row = 退还的费用和押金
late-saved = 比按计划还完省
late-button = 开始逐段阅读

## 阅读
read-title = 逐段阅读
read-part = 第 { $a } 段,共 { $b } 段
read-lead = 下面六段是按您这笔贷款写的,慢慢看。
read-seconds = 这一段至少看 { $seconds } 秒(按服务器的钟)。不着急,看完再点。
read-button = 这一段看完了
read-open = 打开这一段
read-done = 已读
read-not-yet = 还没读
read-any-day = 随时可以停下,改天接着读。

## 回答
teach-title = 说给我们听
teach-lead = 接下来有 { $n } 个小问题,都是您这笔贷款的数字。
teach-no-exam = 不是考试。答不上来就选“不确定”,我们再讲一遍。
teach-count = 已答对 { $a } 个,共 { $b } 个
teach-amount = 您的答案
teach-amount-hint = 大约的数就行。可以写 3842.19、3.8万,或“三千八百元”。
teach-no-blame = 不知道也没关系。
teach-look-up = 回去看一眼费用总表
teach-button = 就是这个答案
teach-next = 下一个问题
teach-missing = 请选一个答案,或者选“不确定”。
teach-explain-title = 没关系,我们再讲一遍
teach-explain-next = 看明白了,再试一个问法不同的问题。

## 单独同意
consents-title = 您同意这些事吗?
consents-lead = 每一项分开选,没有替您选好的。不同意也可以。
consent-agree = 同意
consent-decline = 不同意
consent-necessary = 不同意这一项,就办不了这笔贷款。您随时可以不办。
consent-optional = 可选。不同意,对这笔贷款没有任何影响。
consent-loan_processing = 用您的信息办理这笔贷款
consent-loan_processing-text = { $lender }为办理这笔贷款,使用您的姓名、身份证号、手机号、收入和负债信息。用于审核、放款、还款和处理投诉,到法定保存期满后删除。
consent-credit_report = 查询您的征信
consent-credit_report-text = { $lender }为审核这笔贷款,向金融信用信息基础数据库查询您的信用报告一次,并在贷款期间报送还款情况。
consent-share_payees = 把必要信息给收费的机构
consent-share_payees-text = 把您的姓名、身份证号、借款金额和还款计划提供给:{ $payees }。只用于费用总表里写明的那项服务。
consent-marketing = 给您发推销信息
consent-marketing-text = { $lender }以后用短信或电话向您介绍其他产品。您随时可以取消。

## 等待
wait-title = 还差一点,等工作人员
wait-lead = 您能做的都做完了。下面这些要由工作人员当面和您一起做。
wait-terms-title = 还没有确定贷款条款
wait-terms-lead = 机构还没有给出借款条款。给出以后,您会在这里看到每一分钱。
wait-blocked = 下面这些还没有完成:
wait-come-back = 可以关掉这一页。做完以后再用您的链接回来,就从这里继续。
wait-button = 做好了,继续
who-borrower = 等您自己
who-consultant = 等咨询顾问
who-compliance = 等消保岗

## 签字、明白纸、最后确认
sign-title = 这份文件是您本人签的吗?
sign-attested = 咨询顾问 { $a } 登记:{ $b },看着您亲手签了一份纸质文件。
sign-document = 文件指纹:{ $digest }
sign-question = 是您本人、亲手签的吗?
sign-warning = 别人不能替您签,也不能替您点这一下。不是您签的,请点“不是我签的”,马上会有人处理。
sign-open = 打开您签的那份文件(PDF)
sign-yes = 是我本人签的
sign-no = 不是我签的
notice-title = 明白纸拿到了吗?
notice-lead = 明白纸上写着这笔贷款最要紧的几件事。请留好。
notice-pdf = 打开电子版明白纸(PDF)
notice-check = 请核对:纸上的数字和您刚才看到的一样。有一个数不一样,就先不要点。
notice-button = 我拿到了,数字一样
last-title = 最后,请您一个人看一眼
last-lead = 请让旁边的人先离开一下。只有您自己的意思才算数。
last-own = 借这笔钱,是您自己的意思吗?
last-own-yes = 是我自己的意思
last-own-no = 不是
last-told = 现在有没有人在教您怎么选?
last-told-yes = 有
last-told-no = 没有
last-after = 确认之后,机构就可以放款。放款之前您随时可以反悔。
last-button = 确认借这笔钱
last-stopped-title = 好的,我们停下来
last-stopped-lead = 不是您自己的意思,这笔钱就不会放出来。会有专人单独联系您。
last-again = 和专人谈过了,我想自己再确认一次
last-stopped-next = 您也可以现在就选择不借了。如果有危险,请打 110。

## 完成
done-title-wait = 都做完了
done-lead-wait = 谢谢您。机构会在确认后放款;在那之前您随时可以反悔。
done-title-paid = 已经放款
done-lead-paid = { $date },放款 { $amount }。请核对您的账户。
done-title-closed = 已经结清
done-lead-closed = 这笔贷款已经还清,所有收费都核对过。
done-reference = 业务编号(打电话时报这个)
done-next = 接下来
done-next-payout = 放款前,系统会再检查一遍所有步骤。
done-next-amount = 到账金额应当是 { $amount }。少一分,就是违规,可以要求补足。
done-next-call = 放款后几天,会给您发一个链接,请您再核对一遍数字。不会要验证码和密码。
done-next-fees = 以后收的每一笔钱都会和费用总表核对。表上没有的,会退给您。
done-keep = 请留好这些
done-notice = 明白纸(PDF)
done-table = 综合融资成本明示表(PDF)
done-plan = 还款计划(PDF)
done-package = 证据包(压缩文件)
done-package-hint = 里面是这笔业务的全部记录和证明。任何人不用联网、不用相信我们,就能验证。打官司、投诉都用得上。
done-proof = 凭证(小文件)
done-proof-hint = 您自己留一份。以后谁要是删了、改了您的记录,拿它就能证明。
done-complain = 不满意,可以投诉
done-no-harm = 投诉不会影响您借款、利率和服务。

## 不借了
decline-button = 不借了
decline-title = 不借了?
decline-lead = 可以。不用理由,不收任何钱,不影响您的征信,也不影响以后再来。
decline-after = 这是您的权利。我们只会记下“借款人决定不借”。
decline-reason = 想说说原因吗?(可以不填)
decline-reason-hint = 不填也完全可以。
decline-yes = 确定,不借了
decline-back = 返回,再看看
decline-forced = 有人逼我借钱
decline-forced-1 = 您可以现在就点“确定,不借了”,没有人会知道原因。危险时请打 110。
decline-not-signed = 您说这份文件不是您签的
decline-not-signed-next = 这很要紧。请马上拨打上面的电话或 12378。您没有点“是我本人签的”,钱就放不出来。
decline-not-signed-reason = 文件不是我本人签的
declined-title = 好的,不借了
declined-lead = 已经记下:您使用了不借的权利。没有产生任何费用。
declined-next = 如果以后有人拿这笔业务向您收钱,一律不要给。

## 条款变了
changed-title = 条款变了,请重新看
changed-lead = 您上次看过以后,机构改了条款。以前看的、答的、签的都不算了,没有您重新确认,钱放不出来。
changed-caption = 以前和现在,一行一行对照
changed-what = 项目
changed-old = 以前
changed-new = 现在
changed-why = 为什么要重新看?因为您同意的是以前的数字,不是现在的。不想接受,可以不借。
changed-button = 重新看一遍

## 回访
callback-title = 请再核对一遍
callback-lead = 钱已经放了。请用您自己的话告诉我们,实际情况和说好的一样吗?
callback-button = 提交
callback-unsure-hint = 记不清可以空着,会按“不确定”处理。
callback-done-title = 谢谢您
callback-done-good = 您说的和记录一致。
callback-done-case = 您说的和记录不一样。已经立案,会有专人在规定时间内联系您。
callback-none-title = 现在没有要核对的
callback-none-lead = 还没有到回访的时候,或者这次回访已经结束。有问题请拨打上面的电话。

## 拒绝和出错
refused-title = 现在还不能这样做
error-title-400 = 这个请求我们看不懂
error-title-403 = 这一步不是您可以做的
error-title-404 = 没有这一页
error-title-413 = 发送的内容太大了
error-title-429 = 操作太快了,请稍等
error-title-500 = 我们这边出了问题
error-why-400 = 发送的内容不完整,或者格式不对。
error-why-403-csrf = 页面放得太久,或者不是从我们的页面点过来的。为了安全,没有执行。
error-why-404 = 地址可能抄错了,或者链接已经失效。
error-why-413 = 内容超过了允许的大小,什么也没有保存。
error-why-429 = 短时间内试了太多次。这是为了防止别人冒用。
error-why-500 = 什么也没有写坏。已经记下,请稍后再试。
error-next = 请返回上一页再试。还是不行,请拨打上面的电话。
error-title-link = 请用您的链接打开
error-why-link = 这一页要用发到您手机上的链接和 6 位验证码打开;可能已经过了 12 小时。
error-next-link = 请重新点开短信里的链接。打不开,请拨打上面的电话,让工作人员给您登记的手机重新发一个。
error-title-sign-in = 请先登录
error-why-sign-in = 这一页只给工作人员看;可能已经过了登录时间。
error-next-sign-in = 登录以后再打开这一页。
error-sign-in = 去登录
error-why-403 = 这一步只能由本人或有权限的人操作。
error-why-staff-device = 这台设备上有工作人员登录着。借款人的链接只能在借款人自己的手机上打开,任何人不能代办。
error-next-staff-device = 请在您自己的手机上打开这个链接;试用时请用浏览器的无痕窗口。

## 公开页面
front-title = 不弄明白,不放款
front-lead = 借款人确实明白这笔贷款要花多少钱之前,一分钱也不会放出去;事后人人可查。
front-borrow = 我要借款
front-borrow-1 = 请打开机构发到您手机上的链接。没有人会在电话里向您要验证码。
front-check = 手里的文件是真的吗?
front-check-1 = 每份文件上都有 12 位编号和二维码,谁都可以查。
front-check-button = 查文件编号
front-verify = 验证一个证据包
front-verify-1 = 证据包不用联网、不用相信我们,就能验证:下载程序,运行下面这一行。
front-staff = 机构工作人员和系统
front-staff-1 = 工作台要登录;接口说明是公开的。
check-title = 查文件真假
check-lead = 输入文件上的 12 位编号,看看是不是我们发出的、还算不算数。
check-code = 文件编号
check-hint = 12 位字母和数字,空格和横线不用管。
check-button = 查一查
check-real = 这份文件是我们发出的。
check-current = 上面的条款现在仍然有效。
check-superseded = 但条款后来改过,这份已经不算数,请看新的一份。
check-declined = 但借款人后来决定不借,这份已经不算数。
check-what = 文件
check-kind-cost_table = 综合融资成本明示表
check-kind-plan = 还款计划
check-kind-notice = 明白纸
check-kind-contract = 个人借款合同
check-issued = 发出时间
check-digest = 文件指纹(SHA-256)
check-bytes = 文件大小(字节)
check-nothing-else = 为保护借款人,这里不显示姓名和金额。请用文件指纹核对您手里的电子文件。
