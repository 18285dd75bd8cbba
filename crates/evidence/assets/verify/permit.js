  /** Where the journey stands: unopened, ceremony, declined, paid or closed. */
  function stageOf(story) {
    let stage = "unopened";
    for (const e of story) {
      if (e.kind === "opened") stage = "ceremony";
      if (e.kind === "declined" && e.actor === "borrower" && stage === "ceremony") stage = "declined";
      if (e.kind === "disbursed") stage = "paid";
      if (e.kind === "closed") stage = "closed";
    }
    return stage;
  }
  /** The last permit that Mingbai itself issued, and whether anything after it made it void or used it up. */
  function permitOf(story) {
    const at = story.findLastIndex((e) => e.kind === "permit_issued" && e.actor === "system");
    if (at < 0) return null;
    const permit = story[at];
    const offer = evidenceFor(story.slice(0, at))?.offer ?? null;
    let fate = "open";
    for (const e of story.slice(at + 1)) {
      const own = offer !== null && e.terms === offer.terms && e.terms !== null;
      const declined = e.kind === "declined" && e.actor === "borrower" && stageOf(story.slice(0, story.indexOf(e))) === "ceremony";
      const changed = own && e.actor === "borrower" && (e.kind === "screen_answered" || e.kind === "consent_recorded");
      const answered = own && e.kind === "screen_reviewed" && screenedBefore(story, e);
      const stopped = answered && e.actor === "compliance" && e.body.decision === "upheld";
      const unfree = own && e.kind === "confirmed" && e.actor === "borrower" && e.body.table === offer.body.table.sha256 && !(e.body.own_wish === "yes" && e.body.being_told === "no");
      if (fate === "open" && (e.kind === "terms_offered" || (e.kind === "ring_alerted" && e.actor === "system") || declined || changed || stopped || unfree)) fate = "void";
      if (fate === "open" && e.kind === "disbursed" && e.body.permit === permit.body.permit) fate = "used";
    }
    return { permit, fate };
  }
  const screenedBefore = (story, entry) => evidenceFor(story.slice(0, story.indexOf(entry)))?.valid.some((e) => e.actor === "borrower" && e.kind === "screen_answered") ?? false;

  /** Puts the records together, or says why they are not one journey. */
  function fold(records) {
    const story = [];
    for (const [i, record] of records.entries()) {
      if (record.seq !== i || record.prev !== (i ? records[i - 1].leaf : null)) refuse(`第 ${record.seq} 条记录没有接在上一条之后。`, `Record ${record.seq} does not follow the record before it.`);
      const e = eventOf(record);
      if (e.kind === "opened" && story.some((earlier) => earlier.kind === "opened")) refuse("开办了两次。", "It was opened twice.");
      if (e.kind === "terms_offered" && e.terms !== hexHash(utf8.encode("mingbai/terms/v1\n"), utf8.encode(e.body.terms_json))) {
        refuse(`第 ${e.seq} 条记录的贷款条款与它的摘要不符。`, `The terms in record ${e.seq} are not those that its digest names.`);
      }
      story.push(e);
    }
    return story;
  }
