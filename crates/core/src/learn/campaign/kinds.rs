//! The small words of a campaign.

use crate::keyed::kinds;

kinds! {
    /// What is taught.
    Topic {
        /// 反诈骗.
        Fraud = "fraud", "反诈骗", "fraud";
        /// 防范非法金融活动.
        Illegal = "illegal", "防范非法金融活动", "illegal finance";
        /// 理性投资.
        Investing = "investing", "理性投资", "sensible investing";
        /// 合理借贷.
        Borrowing = "borrowing", "合理借贷", "sensible borrowing";
    }
}

kinds! {
    /// For whom.
    FocusGroup {
        /// 小微企业主.
        Owners = "owners", "小微企业主和个体工商户", "small-business owners";
        /// 老年人.
        Elderly = "elderly", "老年人", "elderly people";
        /// 农村居民.
        Villagers = "villagers", "农村居民", "villagers";
        /// 新市民.
        NewCitizens = "new_citizens", "新市民", "new citizens";
        /// 学生.
        Students = "students", "学生", "students";
    }
}

kinds! {
    /// With whom.
    PartnerKind {
        /// 公安.
        Police = "police", "公安", "police";
        /// 监管部门.
        Regulator = "regulator", "监管部门", "regulator";
        /// 社区、街道.
        Community = "community", "社区或街道", "community or street office";
        /// 媒体.
        Media = "media", "媒体", "media";
        /// 党建共建单位.
        Party = "party", "党建共建单位", "party-building partner";
        /// 其他.
        Other = "other", "其他", "other";
    }
}

kinds! {
    /// Whether people are taught between the two tests, or wait and serve as the comparison.
    Arm {
        /// Taught between the two tests.
        Taught = "taught", "授课组", "taught";
        /// Taught after the second test.
        Waiting = "waiting", "等候组(后测以后再授课)", "waiting (taught after the second test)";
    }
}

kinds! {
    /// Which test.
    Sitting {
        /// Before the teaching.
        Before = "before", "前测", "before";
        /// After it.
        After = "after", "后测", "after";
        /// 30 to 90 days later.
        Later = "later", "30 到 90 天以后", "30 to 90 days later";
    }
}
