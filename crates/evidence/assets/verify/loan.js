  const CLAIMS = {
    folds: ["记录能按规则复原为一笔业务", "The records fold into one journey under the policy pack"],
    terms_bound: ["证据都写明是为哪份条款作的,旧条款的证据不算数", "Evidence names the terms it was given for; evidence for old terms does not count"],
    table_recomputed: ["成本表由条款重新计算,结果一致", "The cost table, computed again from the terms, is the same"],
    table_sums: ["成本表各项相加无误", "The sums of the cost table agree"],
    reviewed: ["产品经过消保审查", "The product was reviewed and released"],
    afforded: ["评估过还得起", "It was found affordable"],
    screened: ["做过防骗筛查", "It was screened for fraud"],
    disclosed: ["成本表展示过,字节与条款所附的一致", "The cost table was shown, the very bytes that the terms name"],
    read: ["每一节都读够了时间", "Every section was read long enough"],
    understood: ["该答对的问题都答对了", "Every required question was answered right"],
    identified: ["核验过本人身份", "The identity was established"],
    consented: ["逐项单独同意", "Consents were given one by one"],
    signed: ["在展示、读完、答对、核验、同意之后本人签署", "Signed by the borrower after disclosure, reading, understanding, identity and consent"],
    recorded: ["做过双录", "It was recorded"],
    noticed: ["明白纸已交到手里", "The paper notice is in the borrower's hands"],
    confirmed: ["最后由本人独自确认是自己的意愿", "At the end the borrower confirmed alone that it is her own wish"],
    permit: ["发出许可时,每一项义务都已有证据", "When the permit was issued, every duty was satisfied by evidence"],
    permit_before_payout: ["凭有效许可放款,只放一次", "Paid out once, under a permit that was valid then"],
    payout_in_full: ["放款等于本金,足额到账", "The payout is the whole principal"],
    charges_explained: ["每一笔收费都在成本表上", "Every reported charge stands in the cost table"],
  };
  /** A loan of which some records are withheld: any of them could be new terms or a refusal, so nothing can be judged. */
  function withheldLoan(missing) {
    const list = missing.join(", ");
    const why = { zh: `无法判断:第 ${list} 条记录没有公开。`, en: `It cannot be judged because records are withheld: ${list}.` };
    return Object.entries(CLAIMS).map(([key, [zh, en]]) => ({ key, claim: { zh, en }, holding: OPEN, why, unable: false }));
  }
  function judgeLoan(records, genuine) {
    const out = [];
    const say = (key, answer) => out.push({ key, claim: { zh: CLAIMS[key][0], en: CLAIMS[key][1] }, holding: answer.verdict, why: { zh: answer.zh, en: answer.en }, unable: answer.unable ?? false });
    // Without the rules that the journey names nothing can be judged by them.
    const opening = records.find((record) => record.kind === "opened")?.body;
    const named = opening instanceof Map ? opening.get("pack_digest") : null;
    if (isHex(named, 64) && (!genuine.has(named) || !parsePack(genuine.get(named)))) {
      say("folds", unable(NO_PACK));
      return out;
    }
    let story;
    try {
      story = fold(records);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      say("folds", against(error.zh, error.en));
      return out;
    }
    say("folds", { verdict: PROVEN, zh: `共 ${records.length} 条记录。`, en: `${records.length} records.` });
    const ceremony = new Ceremony(story, genuine);
    say("terms_bound", termsBound(story));
    say("table_recomputed", ceremony.offer ? { ...open("本页不重新计算成本表;请用 mingbai verify。", "This page does not compute the table again; use mingbai verify."), unable: true } : open("没有条款。", "No terms were offered."));
    say("table_sums", tableSums(ceremony));
    for (const [duty, answer] of Object.entries(ceremony.answers())) say(duty, answer);
    for (const answer of permits(story, genuine)) say("permit", answer);
    say("permit_before_payout", payoutPermit(story));
    say("payout_in_full", payoutFull(story, ceremony));
    say("charges_explained", charges(story, ceremony));
    return out;
  }
  function termsBound(story) {
    const known = new Set();
    for (const e of story) {
      if (e.kind === "terms_offered") known.add(e.terms);
      else if (e.terms !== null && !known.has(e.terms)) return against(`第 ${e.seq} 条记录写的条款从未提出过。`, `Record ${e.seq} names terms that were never offered before it.`);
    }
    if (known.size === 0) return open("没有条款。", "No terms were offered.");
    return { verdict: PROVEN, zh: `提出过 ${known.size} 份条款;只有为最后一份作的证据算数。`, en: `Terms offered: ${known.size}; only evidence for the last of them counts.` };
  }
  function tableSums({ offer, table, badTable }) {
    if (!offer) return open("没有条款。", "No terms were offered.");
    if (badTable) return against("附件里的成本表读不懂。", "The cost table in the attachment cannot be read.");
    if (!table) return unable(NO_TABLE);
    const wrong = wrongSums(table, offer.terms);
    if (wrong.length) return against(`这些对不上:${wrong.join(";")}。`, `These do not agree: ${wrong.join("; ")}.`);
    return { verdict: PROVEN, zh: `合计应还 ${money(table.total_repayable_fen)} 元。`, en: `${money(table.total_repayable_fen)} yuan in all.` };
  }
  function permits(story, genuine) {
    const issued = story.filter((e) => e.kind === "permit_issued");
    return issued.length ? issued.map((e) => permitAnswer(e, story.slice(0, e.seq), genuine)) : [open("没有发出过许可。", "No permit was issued.")];
  }
  function permitAnswer(e, before, genuine) {
    const stage = stageOf(before);
    if (stage !== "ceremony") return against(`当时业务的状态是 ${stage}。`, `The journey was ${stage} then.`);
    const ceremony = new Ceremony(before, genuine);
    const answers = Object.entries(ceremony.answers());
    const missing = answers.filter(([, answer]) => answer.verdict !== PROVEN && !answer.unable).map(([duty]) => duty);
    if (missing.length) return against(`当时还缺:${missing.join("、")}。`, `Missing then: ${missing.join(", ")}.`);
    const known = permitOf(before);
    if (known?.fate === "open" && known.permit.body.expires_at_ms > BigInt(e.at)) return against("当时另有一份许可有效。", "Another permit was valid then.");
    if (before.length && e.at < before.at(-1).at) return against("许可的时间早于前一条记录。", "The permit is dated before the record that precedes it.");
    const stuck = answers.find(([, answer]) => answer.unable);
    if (stuck) return { ...stuck[1] };
    if (e.body.head !== before.at(-1).leaf || e.body.amount_fen !== ceremony.table.principal_fen) return against("许可没有绑定当时的记录和本金。", "The permit is not bound to the records and the principal of that moment.");
    return { verdict: PROVEN, zh: `许可 ${e.body.permit}:每一项都有证据。`, en: `Permit ${e.body.permit}: every duty has its evidence.` };
  }
  function payoutPermit(story) {
    const paid = story.filter((e) => e.kind === "disbursed");
    if (paid.length === 0) return open("还没有放款。", "There is no payout yet.");
    if (paid.length > 1) return against("放了不止一次。", "It was paid out more than once.");
    const known = permitOf(story.slice(0, paid[0].seq));
    if (!known || known.permit.body.permit !== paid[0].body.permit) return against("放款没有有效的许可。", "The payout had no valid permit.");
    if (known.fate !== "open") return against("放款时许可已失效或已用过。", "The permit was void or used at the payout.");
    if (known.permit.body.expires_at_ms <= BigInt(paid[0].at)) return against("放款时许可已过期。", "The permit had expired at the payout.");
    return { verdict: PROVEN, zh: `第 ${known.permit.seq} 条的许可在第 ${paid[0].seq} 条放款时有效。`, en: `The permit of record ${known.permit.seq} was valid at the payout in record ${paid[0].seq}.` };
  }
  function payoutFull(story, { offer, table }) {
    const paid = story.findLast((e) => e.kind === "disbursed");
    if (!paid) return open("还没有放款。", "There is no payout yet.");
    if (!offer) return against("没有条款就放了款。", "It was paid out without terms.");
    if (!table) return unable(NO_TABLE);
    const figures = [money(paid.body.amount_fen), money(table.principal_fen)];
    if (paid.body.amount_fen !== table.principal_fen) return against(`到账 ${figures[0]} 元,本金 ${figures[1]} 元。`, `${figures[0]} yuan arrived and the principal is ${figures[1]}.`);
    return { verdict: PROVEN, zh: `${paid.body.on} 到账 ${figures[0]} 元,等于本金。`, en: `${figures[0]} yuan on ${paid.body.on}, the principal.` };
  }
