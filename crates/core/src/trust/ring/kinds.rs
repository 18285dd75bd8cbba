//! The small words of a ring: what is shared, what may explain it, what was done and how it ended.

use crate::keyed::kinds;

kinds! {
    /// What several applications share.
    ShareKind {
        /// Device.
        Device = "device", "设备", "device";
        /// Telephone number.
        Phone = "phone", "手机号", "telephone number";
        /// Payout card.
        Card = "card", "收款卡", "payout card";
        /// Emergency contact.
        Contact = "contact", "紧急联系人", "emergency contact";
        /// Account of a third party that takes fees.
        FeeAccount = "fee_account", "收费账户", "account that takes fees";
        /// Answers word for word.
        Script = "script", "一字不差的回答", "answers word for word";
        /// Home address.
        Address = "address", "住址", "home address";
        /// Wireless network.
        Wifi = "wifi", "无线网络", "wireless network";
        /// Network address.
        Ip = "ip", "网络地址", "network address";
        /// Introducer.
        Introducer = "introducer", "介绍人", "introducer";
        /// Employer.
        Employer = "employer", "单位", "employer";
    }
}

kinds! {
    /// An honest reason to share things.
    Innocent {
        /// One household.
        Family = "family", "一家人", "one family";
        /// Many under one roof.
        Dorm = "dorm", "同住宿舍", "one dormitory";
        /// A shop lends its terminal.
        VillageShop = "village_shop", "借用小店的设备", "a shop's terminal";
        /// Colleagues.
        Factory = "factory", "同单位同事", "colleagues";
    }
}

kinds! {
    /// Whether an honest reason covers everything that is shared.
    Finding {
        /// It does.
        Explains = "explains", "解释得了", "explains it";
        /// Something is left over.
        LeavesOver = "leaves_over", "解释不了", "does not explain it";
    }
}

kinds! {
    /// What helps the customers. There is nothing stronger, and no refusal.
    Care {
        /// Call them.
        Call = "call", "打保护电话", "call the customers";
        /// Call them, and let a person look before payout.
        Review = "review", "打保护电话并由人工复核", "call the customers and let a person look";
    }
}

kinds! {
    /// What a call to a customer found.
    Heard {
        /// Her own wish; nobody leads or charges her.
        OwnWish = "own_wish", "本人意愿,没有人指使、收费", "her own wish, nobody leads or charges her";
        /// Somebody leads her, charges her or takes the money.
        Pressed = "pressed", "有人指使、收费,或钱给别人用", "somebody leads or charges her, or takes the money";
        /// Not reached.
        NotReached = "not_reached", "没有接通", "not reached";
    }
}

kinds! {
    /// What else was done, by a person.
    Action {
        /// The police or the anti-fraud line was told, by the person who writes this.
        Police = "police", "已由经办人报告公安或 96110", "told the police or 96110, in person";
        /// Put on the list of shop terminals, branch networks and known channels.
        Listed = "listed", "已登记为门店终端、网点网络或合作渠道", "put on the list of shop terminals, branch networks and partners";
        /// The branch or the partner was told.
        Branch = "branch", "已告知网点或合作方负责人", "told the head of the branch or partner";
    }
}

kinds! {
    /// How a ring ended.
    Ending {
        /// A family.
        Family = "family", "是一家人,没有问题", "a family, nothing wrong";
        /// A dormitory.
        Dorm = "dorm", "是同住的人,没有问题", "people under one roof, nothing wrong";
        /// A shop's terminal.
        Shop = "shop", "是门店终端,没有问题", "a shop's terminal, nothing wrong";
        /// Colleagues.
        Factory = "factory", "是同事,没有问题", "colleagues, nothing wrong";
        /// A known partner.
        Channel = "channel", "是登记过的合作渠道,没有问题", "a registered partner, nothing wrong";
        /// An illegal intermediary; the customers were helped one by one.
        Intermediary = "intermediary", "是非法中介,已逐户帮助客户", "an illegal intermediary; every customer was helped";
        /// It cannot be found out.
        Unclear = "unclear", "查不清,逐户已有结论", "not found out; every customer was decided on";
    }
}

impl Ending {
    /// Whether nothing was wrong: then closing lets every customer go on at once.
    #[must_use]
    pub const fn is_innocent(self) -> bool {
        !matches!(self, Ending::Intermediary | Ending::Unclear)
    }
}

kinds! {
    /// What became of an appeal.
    Appealed {
        /// The customer is right: the pause ends at once.
        Granted = "granted", "申诉成立,立即解除", "granted, the pause ends at once";
        /// It stays.
        Kept = "kept", "暂不解除", "the pause stays for now";
    }
}
