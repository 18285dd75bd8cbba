//! The fixed choices of a review.

use crate::keyed::kinds;

kinds! {
    /// What is reviewed (令2022-9 第9条: design, pricing, agreement, marketing; training papers after the precedents of 2021 and 2022).
    MaterialKind {
        /// 产品与定价: product and price.
        Product = "product", "产品与定价说明", "Product and price";
        /// 协议.
        Contract = "contract", "合同协议", "Contract";
        /// 营销材料: poster, message, talk of a live stream.
        Advertisement = "advertisement", "营销材料", "Advertisement";
        /// 页面: what a customer sees and taps.
        Page = "page", "页面", "Page";
        /// 人工话术.
        Script = "script", "人工话术", "Script of a consultant";
        /// 智能语音话术.
        VoiceScript = "voice_script", "智能语音话术", "Script of a machine voice";
        /// 培训材料.
        Training = "training", "培训材料", "Training paper";
    }
}

kinds! {
    /// How grave a finding is.
    Risk {
        /// 高.
        High = "high", "高", "High";
        /// 中.
        Middle = "middle", "中", "Middle";
        /// 低.
        Low = "low", "低", "Low";
    }
}

kinds! {
    /// What the review as a whole says.
    Verdict {
        /// 通过: nothing is to be changed.
        Passed = "passed", "通过", "Passed";
        /// 有条件通过: may be used once every point is answered.
        Conditional = "conditional", "有条件通过", "Passed on conditions";
        /// 不通过: may not be used; a changed one is handed in anew.
        Failed = "failed", "不通过", "Not passed";
    }
}

kinds! {
    /// Where a material is used.
    Channel {
        /// 网点.
        Branch = "branch", "网点", "Branch";
        /// 自有网站和应用.
        Online = "online", "自有网站和应用", "Own site and app";
        /// 电话.
        Phone = "phone", "电话", "Telephone";
        /// 短信.
        Message = "message", "短信", "Text message";
        /// 直播.
        Live = "live", "直播", "Live stream";
        /// 印刷品.
        Print = "print", "印刷品", "Print";
        /// 合作平台.
        Partner = "partner", "合作平台", "Partner's platform";
        /// 内部培训.
        Inside = "inside", "内部培训", "Training inside";
    }
}
