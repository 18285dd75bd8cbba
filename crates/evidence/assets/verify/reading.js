  // ------------------------------------------------------------------------- how long this borrower's reading takes
  const percent = (ppm) => {
    const hundredths = ((ppm < 0n ? -ppm : ppm) + 50n) / 100n;
    return `${ppm < 0n ? "-" : ""}${hundredths / 100n}.${String(hundredths % 100n).padStart(2, "0")}%`;
  };
  const money = (fen) => {
    const [whole, cents] = [(fen < 0n ? -fen : fen) / 100n, (fen < 0n ? -fen : fen) % 100n];
    return `${fen < 0n ? "-" : ""}${String(whole).replace(/\B(?=(\d{3})+$)/g, ",")}.${String(cents).padStart(2, "0")}`;
  };
  /** The amount in capital numerals, as on cheques: 5,000.00 is 伍仟元整. */
  function capital(fen) {
    const digit = (n) => "零壹贰叁肆伍陆柒捌玖"[Number(n)];
    const [yuan, jiao, last] = [fen / 100n, (fen / 10n) % 10n, fen % 10n];
    let out = yuan > 0n || (jiao === 0n && last === 0n) ? `${capitalYuan(String(yuan), digit)}元` : "";
    if (jiao === 0n && last === 0n) return `${out}整`;
    if (jiao === 0n) return `${out}${yuan > 0n ? "零" : ""}${digit(last)}分`;
    return `${out}${digit(jiao)}角${last === 0n ? "整" : `${digit(last)}分`}`;
  }
  function capitalYuan(digits, digit) {
    if (digits === "0") return "零";
    const padded16 = digits.padStart(20, "0");
    const groups = [0, 4, 8, 12, 16].map((at) => padded16.slice(at, at + 4));
    const units = ["亿亿", "万亿", "亿", "万", ""];
    let out = "";
    let zero = false;
    groups.forEach((group, g) => {
      if (group === "0000") { zero = out !== ""; return; }
      [...group].forEach((d, i) => {
        if (d === "0") { zero = out !== ""; return; }
        out += (zero ? "零" : "") + digit(d) + ["仟", "佰", "拾", ""][i];
        zero = false;
      });
      out += units[g] === "万亿" && groups[2] !== "0000" ? "万" : units[g];
      zero = group.endsWith("0");
    });
    return out;
  }
  const NO_RATE = { one_sided: "无法计算:只有一个方向的现金流", negative_only: "无法计算:还的不比借的多", out_of_range: "超出可计算范围(0 至 10,000%)" };
  const BASIS = { compound: "复利", simple: "单利", dated_eu: "欧盟按日期", us_appendix_j: "美国 Z 条例附录 J", additive: "逐项相加" };
  const rate = ({ value, basis }) => `${typeof value.ppm === "bigint" ? percent(value.ppm) : NO_RATE[value.none]}(${BASIS[basis]})`;
  /** The Chinese text of each section, as the format's description has it. Only its length counts here. */
  const SECTIONS = {
    money: (t) => [
      `您借 ${money(t.principal_fen)} 元(${capital(t.principal_fen)})。`,
      `真正到您账户的是 ${money(t.net_payout_fen)} 元。`,
      `一共要还 ${money(t.total_repayable_fen)} 元,比借的多 ${money(t.total_cost_fen)} 元。`,
      `也就是每借 1 万元,多还 ${money(t.cost_per_10k_fen)} 元。`,
      `广告上的年利率是 ${percent(t.nominal_rate_ppm)};把所有费用算进去,${rate(t.annual.simple)}、${rate(t.annual.compound)}。`,
      ...(t.upfront_deduction ? [`注意:放款时先扣了 ${money(t.upfront_deduction.amount_fen)} 元(俗称“砍头息”)。法律规定利息不得预先从本金中扣除。`] : []),
    ],
    fees: (t) => [...t.items.map((item) => `${item.name.zh}:由${item.payee.name.zh}收取,标准是${item.standard.zh},一共 ${money(item.total_fen)} 元。`), t.nothing_else.zh],
    plan: (t) => {
      const [first, last] = [t.instalments[0], t.instalments.at(-1)];
      const rows = first ? [`第一次还款在 ${first.due_on},要还 ${money(first.total_fen)} 元。`, `一共 ${t.instalments.length} 次,最后一次在 ${last.due_on},要还 ${money(last.total_fen)} 元。`] : [];
      return [...rows, `本金 ${money(t.principal_fen)} 元,利息 ${money(t.total_interest_fen)} 元,费用 ${money(t.total_fees_fen)} 元,合计要还 ${money(t.total_repayable_fen)} 元。`];
    },
    late: (t) => {
      const { overdue_rate_ppm: overdue, misuse_rate_ppm: misuse, late_example: example } = t.default_costs;
      return [`逾期的本金按年利率 ${percent(overdue)} 计收罚息。`, `举例:第 ${example.n} 期晚还 ${example.days} 天,除了当期该还的钱,还要多付 ${money(example.extra_fen)} 元。`, `把钱用到约定以外的地方,按年利率 ${percent(misuse)} 计收罚息。逾期还会影响您的信用记录。`];
    },
    early: (t) => {
      const middle = t.early[Math.floor(Math.max(t.early.length - 1, 0) / 2)];
      const rows = t.early.length ? [t.early[0], middle] : [];
      return ["您随时可以提前还款。早还的这天要付多少,合同里已经写定:", ...rows.map((row) => `还完第 ${row.n} 期就全部结清:再付 ${money(row.payoff_fen)} 元(其中手续费 ${money(row.fee_fen)} 元),比按计划还完省 ${money(row.saved_fen)} 元。`)];
    },
    rights: (t) => [
      "现在不想借了,随时可以不借,不用说理由,也不收任何钱。", "没有人可以替您签字、替您点确认、替您回答问题。",
      `合同写借 ${money(t.principal_fen)} 元,就应当足额到您的账户。少一分,可以要求补足。`, t.nothing_else.zh,
      "有人要您先交钱、教您怎么答、拿走您的手机:请停下,拨打 96110。对机构不满意,可以拨打 12378。投诉不会影响您借款、利率和服务。",
    ],
  };
  /** Least seconds for a section: the larger of the floor and characters ÷ speed, rounded up. */
  function secondsFor(section, table, pack) {
    const chars = BigInt([...SECTIONS[section](table).join("")].length);
    const needed = (chars + pack.speed - 1n) / pack.speed;
    return needed > pack.floor ? needed : pack.floor;
  }
  /** The kinds of question that this table has something to ask about, out of those that the pack requires. */
  function requiredKinds(t, pack) {
    const fees = t.items.some((item) => item.kind !== "interest" && item.charges.some((charge) => charge.amount_fen > 0n));
    const there = {
      monthly_amount: t.instalments.length > 0, instalment_count: t.instalments.length > 0, fee_collector: fees, fee_amount: fees,
      late_month: t.instalments.some((row) => row.n === t.default_costs.late_example.n), early_payoff: t.early.some((row) => row.balance_fen > 0n),
      all_in_rate: typeof t.annual.simple.value.ppm === "bigint",
    };
    return KINDS.filter((kind) => pack.required.includes(kind) && (there[kind] ?? true));
  }
