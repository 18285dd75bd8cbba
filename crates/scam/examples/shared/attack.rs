//! Disguises. Their tables are written by hand for this file: none is read from `crates/scam/data`, so they are not the ones that the folding
//! undoes. A disguise can be beaten here only by knowing the language, not by knowing the attack.

use mingbai_scam::model::Dice;

/// A way to disguise a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attack {
    Plain,
    Separators,
    Homophones,
    NearHomophones,
    Pinyin,
    Split,
    Traditional,
    Emoji,
    Mixed,
}

/// Every one.
pub const ALL: [Attack; 9] = [
    Attack::Plain,
    Attack::Separators,
    Attack::Homophones,
    Attack::NearHomophones,
    Attack::Pinyin,
    Attack::Split,
    Attack::Traditional,
    Attack::Emoji,
    Attack::Mixed,
];

const SEPARATORS: [&str; 14] =
    ["·", "丨", "~", "^", "﹏", "◆", "．", "\u{2009}", "∥", "※", "→", "_", "\u{2060}", "°"];
const EMOJI: [&str; 10] = ["💰", "📱", "🔥", "👉", "✅", "🈵", "🧧", "😊", "🏦", "❗"];

/// Same sound (tone aside).
const HOMOPHONES: &str = "钱前 款宽 贷代 转赚 账涨 户护 卡咔 银吟 行航 码马 证正 验宴 信新 用永 金今 融荣 利力 息西 费废 刷唰 单丹 返反 佣拥 \
赚撰 投头 资姿 微威 加佳 群裙 客刻 服伏 退腿 公工 安按 全泉 局菊 警井 察茶 法发 院怨 案暗 件建 涉社 嫌闲 洗喜 骗片 密蜜 保宝 存村 汇会 \
借介 逾于 期七 征争 修休 复付 平坪 台抬 网往 点典 击机 链练 接街 登灯 录路 领岭 导倒 老佬 板版 总种 经京 理里 财才 务物 司丝 额鹅 度渡 \
急集 快块 手守 机鸡 号浩 电店 话化 通同 知之 您宁 你尼 我窝 们门 请晴 到道 给己 下夏 载在 软阮 办半 还环 清青 消肖 会慧 员圆 京惊 东冬";
/// A sound that some regions do not tell apart: n/l, zh/z, sh/s, ch/c, -n/-ng.
const NEAR: &str = "您林 你里 能棱 年连 那拉 内累 转钻 账脏 证怎 知资 中宗 周邹 只子 这则 正怎 收搜 手叟 是四 身森 商桑 上丧 说缩 查擦 出粗 成层 \
充匆 银营 信姓 金京 平贫 行寻 经金 警紧 请寝 民名 领凛 安昂 款况 单当 反访 方翻 全穷 钱强 贷太 利力 户福 费会 客格 服湖 法花 款况 网晚 联年 录怒 老脑 了呢";
const PINYIN: &str = "钱qian 款kuan 贷dai 转zhuan 账zhang 户hu 卡ka 银yin 行hang 码ma 证zheng 验yan 信xin 用yong 金jin 融rong 利li 息xi 费fei 刷shua 单dan \
返fan 佣yong 投tou 资zi 微wei 加jia 群qun 客ke 服fu 退tui 公gong 安an 全quan 局ju 警jing 察cha 法fa 院yuan 案an 涉she 嫌xian 洗xi 骗pian 密mi 保bao 存cun \
汇hui 借jie 逾yu 期qi 征zheng 修xiu 平ping 台tai 网wang 点dian 链lian 接jie 登deng 录lu 领ling 导dao 老lao 板ban 总zong 经jing 理li 财cai 务wu 司si 额e 度du \
急ji 手shou 机ji 号hao 电dian 话hua 您nin 你ni 我wo 请qing 给gei 办ban 还huan 清qing 消xiao 京jing 东dong 校xiao 园yuan 销xiao 淘tao 宝bao";
/// Halves as people type them. Kept apart from the folding's list on purpose: most of these it does not know.
const SPLIT: &str = "钱钅戋 银钅艮 证讠正 验马佥 信亻言 利禾刂 融鬲虫 贷代贝 款柰欠 赚贝兼 投扌殳 码石马 群君羊 网冂乂 警敬言 法氵去 洗氵先 骗马扁 密宓山 \
保亻呆 汇氵匚 借亻昔 征彳正 修攸彡 期其月 点占灬 链钅连 接扌妾 领令页 额客页 板木反 经纟圣 理王里 财贝才 机木几 号口丂 话讠舌 您你心 你亻尔 \
请讠青 给纟合 办力八 清氵青 消氵肖 校木交 销钅肖 淘氵匋 刷尸刂 转车专 账贝长";
const TRADITIONAL: &str = "钱錢 贷貸 转轉 账賬 户戶 银銀 码碼 证證 验驗 费費 单單 资資 微微 群羣 退退 警警 涉涉 洗洗 骗騙 汇匯 复複 台臺 网網 点點 击擊 链鏈 录錄 领領 导導 \
总總 经經 财財 务務 额額 机機 号號 电電 话話 你妳 请請 给給 下下 载載 软軟 办辦 还還 会會 员員 东東 学學 园園 销銷 宝寶 个個 为為 国國 们們 来來 时時 这這 说說 对對 \
发發 现現 后後 开開 关關 问問 间間 难難 门門 联聯 系係 认認 实實 让讓 从從 将將 过過 进進 动動 产產 业業 两兩 万萬 与與 专專 书書 买買 卖賣 价價 优優 传傳 伤傷";

fn table(text: &str) -> impl Iterator<Item = (char, &str)> {
    text.split_whitespace().filter_map(|pair| {
        let mut chars = pair.chars();
        chars.next().map(|c| (c, chars.as_str()))
    })
}

fn replace(text: &str, tables: &str, percent: usize, dice: &mut Dice) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        match table(tables).find(|(from, _)| *from == c) {
            Some((_, to)) if dice.below(100) < percent => out.push_str(to),
            _ => out.push(c),
        }
    }
    out
}

fn strew(text: &str, pieces: &[&str], percent: usize, dice: &mut Dice) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        out.push(c);
        if dice.below(100) < percent
            && let Some(piece) = pieces.get(dice.below(pieces.len()))
        {
            out.push_str(piece);
        }
    }
    out
}

impl Attack {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Attack::Plain => "plain",
            Attack::Separators => "separators 50 %",
            Attack::Homophones => "homophones 60 %",
            Attack::NearHomophones => "near-homophones 60 %",
            Attack::Pinyin => "typed pinyin 60 %",
            Attack::Split => "split 80 %",
            Attack::Traditional => "traditional",
            Attack::Emoji => "emoji 30 %",
            Attack::Mixed => "mixed",
        }
    }

    /// The disguised text; the same for the same seed.
    pub fn apply(self, text: &str, seed: u64) -> String {
        let dice = &mut Dice(seed.wrapping_mul(31).wrapping_add(self as u64));
        match self {
            Attack::Plain => text.to_owned(),
            Attack::Separators => strew(text, &SEPARATORS, 50, dice),
            Attack::Homophones => replace(text, HOMOPHONES, 60, dice),
            Attack::NearHomophones => replace(text, NEAR, 60, dice),
            Attack::Pinyin => replace(text, PINYIN, 60, dice),
            Attack::Split => replace(text, SPLIT, 80, dice),
            Attack::Traditional => replace(text, TRADITIONAL, 100, dice),
            Attack::Emoji => strew(text, &EMOJI, 30, dice),
            Attack::Mixed => {
                let text = replace(text, HOMOPHONES, 25, dice);
                let text = replace(&text, PINYIN, 25, dice);
                let text = replace(&text, SPLIT, 40, dice);
                let text = replace(&text, TRADITIONAL, 50, dice);
                let text = strew(&text, &SEPARATORS, 20, dice);
                strew(&text, &EMOJI, 10, dice)
            }
        }
    }
}
