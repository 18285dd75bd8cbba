# 双录的文字:借款人的页面、顾问和消保岗的页面、培训证书。键与 en.ftl 相同。

## 单独同意
record-title = 录音录像(双录)
record-consent-lead = 顾问请您做录音录像:费用一段一段读给您听,由您自己回答。开始之前,要您单独同意这一件事。
record-consent-name = 录下我的声音和画面
record-consent-text = { $lender }录下您的声音和画面,用来证明费用说清楚了、借款是您自己的意愿,以及以后处理投诉和检查。画面里会有时间和业务编号。
record-consent-kept = 录像加密保存,现行规则是 { $years } 年。
record-consent-look = 只有顾问、消保岗和审计人员能看,谁看过都会留下记录。朗读的是机器合成的声音,不是真人。您可以不同意,也可以中途停下。
record-consent-else = 不同意也可以:由顾问换一种方式和您办理,例如在网点用网点的设备录。
record-declined = 您选了不在这里录音录像。顾问会和您商量别的办法;想改主意,随时可以。
record-again = 再看看录音录像

## 录制
record-lead = 一共 { $count } 段。每一段先读出来,您说出回答,再按对应的按钮。
record-lead-doubt = 听不明白、觉得不对,就按“我有疑问”。马上停下,由顾问讲清楚,只重录那一段。有疑问对您没有任何不利。
record-before-place = 请坐在安静、光线好的地方,让您的脸在画面里。
record-before-voice = 朗读的是机器合成的声音,不是真人。
record-before-net = 中途断网不要紧:录像先存在这台设备里,接上网自动补传,传到就从设备上删掉。
record-start = 打开摄像头,开始
record-pause = 先停下,以后再录
record-picture = 正在录的画面,画面里有时间和业务编号
record-part = 第 { $a } 段,共 { $b } 段
record-yes = 是
record-no = 不是、没有
record-doubt = 我有疑问,请停下
record-answer = 先说出回答,再按
record-hear-again = 再读一遍
record-voice = 以下是机器合成的声音。
record-reading = 正在读……
record-silent = 这台设备不能朗读。请您自己或身边的顾问把这一段读出声,再回答。
record-on = 正在录
record-sent = 已传到:
record-lost = 网络断了。录像先存在这台设备里,接上网自动补传,不用重录。
record-back = 网络恢复了,正在补传。
record-working = 正在传完最后一点,请不要关掉这一页……
record-recover = 正在补传上次没传完的录像……
record-done-title = 都录完了
record-done-lead = 哪一段想重录,按它旁边的“重录这一段”。没有了,就交上去。
record-finish = 交上去
record-list = 全部段落
record-redo = 重录这一段
record-state-todo = 还要录
record-state-now = 正在录
record-state-kept = 录好了
record-state-sending = 还没传完
record-failed = 没有成功。请刷新这一页再试;还不行,请拨打页面上的电话。
record-no-script = 浏览器关着脚本(JavaScript),在这里录不了。
record-unable = 这个浏览器在这里录不了:要用较新的浏览器,并且是 https 地址。
record-no-camera = 没能打开摄像头和麦克风。请检查有没有别的程序正在用,并在浏览器里允许本页使用,再按一次。
record-other-title = 换一种办法
record-other = 到网点来,由顾问用网点的设备录;或者拨打页面上的电话,请顾问和您一起看怎么办。
record-other-button = 我不在这里录

## 有疑问,停下
record-stopped-title = 先停下,听顾问讲
record-stopped-lead = 您对下面这一段有疑问。现在没有在录。顾问先给您讲清楚,然后只重录这一段。
record-stopped-fair = 有疑问对您没有任何不利。讲清楚以前,什么都不会继续。
record-stopped-help = 顾问不在身边?请拨打页面上的电话。
record-stopped-wait = 顾问登记“讲过了”以后,这一页会自己继续。
record-stopped-button = 讲过了,继续
