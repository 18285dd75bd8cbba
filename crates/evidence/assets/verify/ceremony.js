  // --------------------------------------------------------------------------------------------- the loan, judged
  /** An answer: [verdict, zh, en, place of the record that completed it]. */
  const done = (seq) => ({ verdict: PROVEN, zh: `由第 ${seq} 条记录证明。`, en: `Shown by record ${seq}.`, seq });
  const open = (zh, en) => ({ verdict: OPEN, zh, en });
  const against = (zh, en) => ({ verdict: AGAINST, zh, en });
  const unable = (what) => ({ ...open(`本页无法判断:包里没有${what.zh}。`, `This page cannot judge it: ${what.en} is not in the package.`), unable: true });
  const NO_TABLE = { zh: "成本表的原文", en: "the cost table's text" };
  const NO_PACK = { zh: "规则包的原文", en: "the policy pack's text" };

  /** Evidence for the offer on the table: everything after it that names its terms. */
  function evidenceFor(story) {
    const at = story.findLastIndex((e) => e.kind === "terms_offered");
    if (at < 0) return null;
    const offer = story[at];
    return { offer, valid: story.slice(at + 1).filter((e) => e.terms === offer.terms) };
  }
  /** Whether a ring asked for a call and no person has let the journey go on since, under the terms of that moment. */
  function nobodyCalled(story) {
    let waits = false, terms = null;
    for (const e of story) {
      if (e.kind === "terms_offered") terms = e.terms;
      if (e.kind === "ring_alerted" && e.actor === "system") waits = true;
      if (e.kind === "screen_reviewed" && e.actor === "compliance" && e.body.decision === "allowed" && e.terms === terms && terms !== null) waits = false;
    }
    return waits;
  }
  class Ceremony {
    constructor(story, genuine) {
      const evidence = evidenceFor(story);
      this.offer = evidence?.offer ?? null;
      this.valid = evidence?.valid ?? [];
      const found = this.offer ? tableOf(this.offer, genuine) : {};
      this.table = found.table ?? null;
      this.badTable = found.bad ?? false;
      const opened = story.find((e) => e.kind === "opened");
      const packText = opened && genuine.get(opened.body.pack_digest);
      this.pack = packText ? parsePack(packText) : null;
      this.channel = opened?.body.channel ?? null;
      this.uncalled = nobodyCalled(story);
    }
    last(actor, kind, test = () => true) { return this.valid.findLast((e) => actor.includes(e.actor) && e.kind === kind && test(e)); }
    first(actor, kind, test = () => true) { return this.valid.find((e) => actor.includes(e.actor) && e.kind === kind && test(e)); }
    get tableDigest() { return this.offer.body.table.sha256; }

    answers() {
      const out = {};
      const needs = ["reviewed", "afforded", "screened", "disclosed", "read", "understood", "identified", "consented", "signed", "recorded", "noticed", "confirmed"];
      for (const duty of needs) out[duty] = this.offer ? this[duty](out) : open("还没有确定贷款条款。", "No terms have been offered yet.");
      return out;
    }
    simple(actor, kind, zh, en) {
      const found = this.last(actor, kind);
      return found ? done(found.seq) : open(zh, en);
    }
    reviewed() { return this.simple(["system"], "review_cited", "没有消保审查放行的记录。", "There is no record of a released review."); }
    identified() { return this.simple(["consultant"], "identified", "没有核验本人身份的记录。", "The identity was not established."); }
    recorded({ disclosed, read, understood }) {
      const { now, ever } = walkRecording(this.valid);
      if (!ever) {
        const attested = this.last(["consultant"], "recorded");
        if (!attested) return open("没有双录的记录。", "There is no audio-video recording.");
        if (!this.pack) return unable(NO_PACK);
        return this.pack.attested.includes(this.channel) ? done(attested.seq) : open("这个渠道不接受登记的录像编号。", "This channel does not take an attested recording number.");
      }
      if (!this.table) return unable(NO_TABLE);
      for (const before of [disclosed, read, understood]) {
        if (before.unable) return { ...before };
        if (before.verdict !== PROVEN || before.seq >= now.seq) return open("双录早于明示、阅读或理解,不算数。", "It was recorded before it was disclosed, read or understood; that does not count.");
      }
      const at = recordingComplete(now, this.table);
      return at === null ? open("双录没有完成或没有通过。", "The recording is not complete or did not pass.") : done(at);
    }
    byPerson(kind, review, fine, zh, en) {
      const asked = this.last(["borrower"], kind);
      if (!asked) return open("借款人还没有回答。", "The borrower has not answered.");
      const human = this.last(["compliance"], review, (e) => e.seq > asked.seq);
      if (human) return human.body.decision === "allowed" ? done(human.seq) : against(zh, en);
      return fine(asked.body) ? done(asked.seq) : against(zh, en);
    }
    afforded() { return this.byPerson("afford_assessed", "afford_reviewed", (b) => b.outcome === "within", "还款压力超过规定,没有人工放行。", "The instalments are over the limit and no person allowed them."); }
    screened() {
      if (this.uncalled) return against("申请与别的申请有共同信息,放款前没有专人打过保护电话。", "What she shares with others asked for a call, and no person has let it go on.");
      const answered = this.last(["borrower"], "screen_answered");
      if (!answered) return open("借款人还没有回答。", "The borrower has not answered.");
      // A later "no" to everything does not take a "yes" back: only a person lifts a pause.
      const paused = this.last(["borrower"], "screen_answered", (e) => e.body.result === "paused");
      const from = (paused ?? this.first(["borrower"], "screen_answered")).seq;
      const human = this.last(["compliance"], "screen_reviewed", (e) => e.seq > from);
      if (human ? human.body.decision === "allowed" : !paused) return done((human ?? answered).seq);
      return against("防骗筛查要求暂停,没有人工放行。", "The screening asked for a pause and no person lifted it.");
    }
    disclosed() {
      const shown = this.first(["borrower", "consultant"], "table_shown", (e) => e.body.table === this.tableDigest);
      return shown ? done(shown.seq) : open("没有展示当前成本表的记录。", "There is no record that the current table was shown.");
    }
    read({ disclosed }) {
      if (disclosed.verdict !== PROVEN) return this.unread(disclosed, "成本表没有先展示。", "The table was not shown first.");
      if (!this.table) return unable(NO_TABLE);
      if (!this.pack) return unable(NO_PACK);
      let latest = 0;
      for (const section of Object.keys(SECTIONS)) {
        const seq = this.sectionRead(section, disclosed.seq);
        if (seq === null) return this.unread(disclosed, `“${section}”一节没有读够时间。`, `Section ${section} was not read long enough.`);
        latest = Math.max(latest, seq);
      }
      return done(latest);
    }
    sectionRead(section, shownSeq) {
      const needed = secondsFor(section, this.table, this.pack) * 1000n;
      let opened = null;
      for (const e of this.valid.filter((one) => one.actor === "borrower" && one.seq > shownSeq && one.body.section === section)) {
        if (e.kind === "section_opened") opened = e.at;
        const stayed = e.kind === "section_read" && opened !== null ? BigInt(e.at - opened) : null;
        if (stayed !== null && stayed === e.body.dwell_ms && stayed >= needed) return e.seq;
      }
      return null;
    }
    /** Not read; and worse when a record states another time than the server's clock shows. */
    unread(disclosed, zh, en) {
      const opened = new Map();
      for (const e of this.valid.filter((one) => one.actor === "borrower" && disclosed.verdict === PROVEN && one.seq > disclosed.seq)) {
        if (e.kind === "section_opened") opened.set(e.body.section, e.at);
        const since = e.kind === "section_read" ? opened.get(e.body.section) : undefined;
        if (since !== undefined && BigInt(e.at - since) !== e.body.dwell_ms) return against(`第 ${e.seq} 条记录写的阅读时间与服务器时间不符。`, `Record ${e.seq} states another reading time than the server's clock shows.`);
      }
      return open(zh, en);
    }
    understood({ read }) {
      if (read.unable) return { ...read };
      if (read.verdict !== PROVEN) return open("没有先读完。", "The reading was not finished first.");
      const right = new Map();
      let asked = null;
      for (const e of this.valid.filter((one) => one.actor === "borrower")) {
        if (e.kind === "question_asked") asked = e.body;
        if (e.kind !== "question_answered" || e.seq <= read.seq || asked?.question !== e.body.question) continue;
        if (e.body.judged === "right") right.set(asked.question_kind, e.seq);
        asked = null;
      }
      const missing = requiredKinds(this.table, this.pack).filter((kind) => !right.has(kind));
      if (missing.length) return open(`还没有答对:${missing.join("、")}。`, `Not answered right: ${missing.join(", ")}.`);
      return done(Math.max(...requiredKinds(this.table, this.pack).map((kind) => right.get(kind))));
    }
    consented() {
      if (!this.table) return unable(NO_TABLE);
      const lender = JSON.stringify(this.table.lender);
      const partners = this.table.items.some((item) => JSON.stringify(item.payee) !== lender);
      const needed = ["loan_processing", "credit_report", ...(partners ? ["share_payees"] : [])];
      const latest = (purpose) => this.last(["borrower"], "consent_recorded", (e) => e.body.purpose === purpose);
      const refused = needed.find((purpose) => latest(purpose)?.body.choice === "declined");
      if (refused) return against(`没有同意必需的一项:${refused}。`, `A necessary consent was refused: ${refused}.`);
      const all = [...needed, "marketing"].map(latest);
      if (all.includes(undefined)) return open("还有单独同意事项没有选择。", "Some consents have not been chosen.");
      return done(Math.max(...all.map((e) => e.seq)));
    }
    /** The last signature by a key in her browser: [place of her wish, place of the signature]. Each step of one wish in its order. */
    withKey() {
      let [shown, wish, found] = [null, null, null];
      const spent = new Set();
      for (const e of this.valid.filter((one) => one.actor === "borrower")) {
        const mine = wish !== null && e.body.challenge === wish.challenge && BigInt(e.at) < wish.until;
        if (e.kind === "contract_shown") shown = e.body.document.sha256;
        if (e.kind === "signing_begun" && e.body.document === shown && this.isBound(e.body) && !spent.has(e.body.challenge)) {
          spent.add(e.body.challenge);
          wish = { seq: e.seq, challenge: e.body.challenge, document: e.body.document, until: e.body.expires_at_ms, digits: false, certificate: null };
        } else if (e.kind === "signing_trouble" && wish?.challenge === e.body.challenge && ["digits_spent", "document_differs", "signature_wrong", "ink_copied"].includes(e.body.trouble)) wish = null;
        else if (mine && e.kind === "signing_approved") wish.digits = true;
        else if (mine && e.kind === "signature_prepared" && wish.digits) wish.certificate ??= e.body.certificate.sha256;
        else if (mine && e.kind === "signed" && e.body.path === "own_key" && e.body.shown === wish.document && e.body.certificate === wish.certificate) {
          found = [wish.seq, e.seq];
          wish = null;
        }
      }
      return found;
    }
    /** The challenge binds document, terms, principal and a number used once. */
    isBound(b) {
      const said = `mingbai/sign/v1\ndocument ${b.document}\nterms ${this.offer.terms}\namount_fen ${b.amount_fen}\nnonce ${b.nonce}\n`;
      return this.table !== null && b.amount_fen === this.table.principal_fen && hexHash(utf8.encode(said)) === b.challenge;
    }
    signed(answers) {
      const byKey = this.last(["borrower"], "signed", (e) => e.body.path === "own_key");
      if (byKey && !this.table) return unable(NO_TABLE);
      const own = this.withKey();
      const inInk = this.last(["consultant"], "signed", (e) => e.body.path === "ink_in_person");
      if (!own) return this.signedInInk(answers);
      for (const duty of ["disclosed", "read", "understood", "identified", "consented"]) {
        const before = answers[duty];
        if (before.unable) return { ...before };
        if (before.verdict !== PROVEN || before.seq >= own[0]) return inInk ? this.signedInInk(answers) : against(`签署早于“${duty}”,不算数。`, `It was signed before “${duty}” was done; that does not count.`);
      }
      return done(own[1]);
    }
    signedInInk(answers) {
      const ink = this.last(["consultant"], "signed", (e) => e.body.path === "ink_in_person");
      if (!ink) return open("没有本人签署的记录。", "It has not been signed.");
      for (const duty of ["disclosed", "read", "understood", "identified", "consented"]) {
        const before = answers[duty];
        if (before.unable) return { ...before };
        if (before.verdict !== PROVEN || before.seq >= ink.seq) return against(`签署早于“${duty}”,不算数。`, `It was signed before “${duty}” was done; that does not count.`);
      }
      const own = this.last(["borrower"], "signature_confirmed", (e) => e.body.document === ink.body.document.sha256 && e.seq > ink.seq);
      return own ? done(own.seq) : open("借款人还没有用自己的链接确认是本人所签。", "The borrower has not confirmed from her own link that it is hers.");
    }
    noticed() {
      const handed = this.last(["consultant", "system"], "notice_handed");
      if (!handed) return open("没有交付明白纸的记录。", "The paper notice was not handed over.");
      const own = this.last(["borrower"], "notice_acknowledged", (e) => e.body.document === handed.body.document.sha256 && e.seq > handed.seq);
      return own ? done(own.seq) : open("借款人还没有确认拿到明白纸。", "The borrower has not said that she has the notice.");
    }
    confirmed(answers) {
      const own = this.last(["borrower"], "confirmed", (e) => e.body.table === this.tableDigest);
      const free = own?.body.own_wish === "yes" && own?.body.being_told === "no";
      if (own && !free) return against("借款人说这不是自己的意愿,或有人在教她回答。", "She said that it is not her own wish, or that somebody tells her what to answer.");
      const before = Object.values(answers);
      const stuck = before.find((answer) => answer.unable);
      if (before.some((answer) => answer.verdict !== PROVEN && !answer.unable)) return open("最后确认之前的事没有都做完。", "Not everything that comes before the final confirmation is done.");
      if (stuck) return { ...stuck };
      if (!own || own.seq <= Math.max(...before.map((answer) => answer.seq))) return open("没有在一切做完之后的最后确认。", "There is no final confirmation after everything else.");
      return done(own.seq);
    }
  }
