  // ------------------------------------------------------------------------------------- the events of a loan
  // What can stand in a loan's records: kind → shape of the body. A shape takes a JSON value and gives it back as plain data, or
  // throws. Unknown extra keys are passed over except where `exact` says otherwise.
  class NotThat extends Error {}
  const not = () => { throw new NotThat(); };
  const when = (test) => (value) => (test(value) ? value : not());
  const within = (low, high) => when((v) => typeof v === "bigint" && v >= low && v <= high);
  const text = when((v) => typeof v === "string");
  const digest = when((v) => isHex(v, 64));
  const i64 = within(-(2n ** 63n), 2n ** 63n - 1n);
  const u64 = within(0n, 2n ** 64n - 1n);
  const u32 = within(0n, 2n ** 32n - 1n);
  const HYPHENATED = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
  const UUID = new RegExp(`^(?:[0-9a-fA-F]{32}|${HYPHENATED}|\\{${HYPHENATED}\\}|urn:uuid:${HYPHENATED})$`);
  const uuid = when((v) => typeof v === "string" && UUID.test(v));
  const oneOf = (...words) => when((v) => typeof v === "string" && words.includes(v));
  const maybe = (shape) => Object.assign((v) => (v === undefined || v === null ? null : shape(v)), { optional: true });
  const listOf = (shape) => (v) => (Array.isArray(v) ? v.map(shape) : not());
  const mapOf = (key, value) => (v) => (v instanceof Map ? Object.fromEntries([...v].map(([k, x]) => [key(k), value(x)])) : not());
  function shaped(fields, exact = false) {
    return (v) => {
      if (!(v instanceof Map)) not();
      if (exact && [...v.keys()].some((key) => !Object.hasOwn(fields, key))) not();
      return Object.fromEntries(Object.entries(fields).map(([key, shape]) => [key, v.has(key) || shape.optional ? shape(v.get(key)) : not()]));
    };
  }
  const date = when((v) => {
    const found = typeof v === "string" && /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(v);
    return found && dayOf(v) !== null;
  });
  /** Days since 1970-01-01 of an ISO date, or null when there is no such day. */
  function dayOf(iso) {
    const at = new Date(`${iso}T00:00:00Z`);
    return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== iso ? null : at.getTime() / 86400000;
  }
  const attachment = shaped({ sha256: digest, media: text, bytes: u64 }, true);
  const sealedRef = shaped({ sealed: digest, label: text }, true);
  const part = shaped({ item: text, period: u32, amount_fen: i64 }, true);
  const yesNo = oneOf("yes", "no", "not_sure");
  const screenKey = oneOf("promised", "charged", "coached", "held_phone", "screen_shared", "asked_code", "for_other", "forced");
  const judged = oneOf("right", "wrong", "not_sure", "empty");
  const decision = oneOf("allowed", "upheld");
  const KINDS = ["net_payout", "monthly_amount", "instalment_count", "last_due_date", "total_repayable", "extra_cost", "fee_collector", "fee_amount", "late_month", "early_payoff", "all_in_rate", "anything_else"];
  const questionId = when((v) => {
    const found = typeof v === "string" && /^([a-z_]+)\.(0|[1-9][0-9]{0,9})\.[0-9a-f]{16}$/.exec(v);
    return found && KINDS.includes(found[1]) && BigInt(found[2]) < 2n ** 32n;
  });
  const reviewed = shaped({ decision, reason: text });
  const path = (name, fields) => shaped({ path: oneOf(name), ...fields });
  const recordedSide = oneOf("borrower", "consultant");
  const inspectedFor = oneOf("decodes", "length", "black", "freeze", "blur", "persons", "same_person", "silence", "loudness", "clipping", "words", "answer");
  const pairOf = (a, b) => (v) => (Array.isArray(v) && v.length === 2 ? [a(v[0]), b(v[1])] : not());
  const EVENTS = {
    opened: shaped({ product_id: text, product_version: text, pack_id: text, pack_digest: digest, channel: oneOf("branch", "online", "checkout"), borrower: sealedRef, phone: sealedRef, external_ref: text, afford_limit_ppm: i64 }),
    terms_offered: shaped({ terms_json: text, table: attachment }),
    review_cited: shaped({ release_stream: text, release: digest, material: digest }),
    afford_assessed: shaped({ income: sealedRef, debts: sealedRef, ratio_ppm: maybe(i64), limit_ppm: i64, outcome: oneOf("within", "over") }),
    afford_reviewed: reviewed,
    screen_answered: shaped({ answers: mapOf(screenKey, yesNo), result: oneOf("clear", "paused"), hits: listOf(screenKey) }),
    screen_reviewed: reviewed,
    ring_alerted: shaped({ ring: uuid }),
    table_shown: shaped({ surface: oneOf("screen", "paper", "checkout"), table: digest, lang: oneOf("zh-CN", "en"), size: oneOf("normal", "large") }),
    section_opened: shaped({ section: text }),
    section_read: shaped({ section: text, dwell_ms: i64 }),
    question_asked: shaped({ question: text, question_kind: text, variant: u32, seed: u64 }),
    question_answered: shaped({ question: text, question_kind: text, answer: text, judged }),
    explained_in_person: shaped({ question_kinds: listOf(text) }),
    identified: path("in_person", { document: oneOf("resident_id_card", "passport", "other_legal"), number: sealedRef }),
    consent_recorded: shaped({ purpose: oneOf("loan_processing", "credit_report", "share_payees", "marketing"), choice: oneOf("agreed", "declined"), text: digest }),
    signed: (v) => (v instanceof Map && v.get("path") === "own_key"
      ? path("own_key", { document: attachment, shown: digest, challenge: digest, certificate: digest, time: oneOf("stamped", "server_clock") })
      : path("ink_in_person", { document: attachment }))(v),
    contract_shown: shaped({ document: attachment }),
    signing_begun: shaped({ document: digest, nonce: digest, amount_fen: i64, challenge: digest, device: oneOf("own", "branch_by_choice"), browser: digest, expires_at_ms: i64 }),
    signing_approved: shaped({ challenge: digest, factor: oneOf("phone_digits") }),
    signature_prepared: shaped({ challenge: digest, file: digest, certificate: attachment, ink: maybe(attachment) }),
    signing_key_dropped: shaped({ certificate: digest }),
    signing_trouble: shaped({ challenge: digest, trouble: oneOf("wrong_digits", "replayed_digits", "other_browser", "digits_spent", "document_differs", "signature_wrong", "ink_copied") }),
    contract_sealed: shaped({ signed: digest, document: attachment }),
    signing_alerted: shaped({ alert: oneOf("shared_device", "similar_ink"), others: u32 }),
    signature_confirmed: shaped({ document: digest }),
    recorded: path("attested_in_person", { recording_number: text, seconds: u32 }),
    recording_begun: shaped({ recording: text, script: digest, spoken: attachment, mode: oneOf("on_site", "remote"), certificate: shaped({ record: digest, valid_until_ms: i64 }), nodes: listOf(shaped({ id: text, expects: oneOf("yes", "no"), covers: listOf(text) })) }),
    recording_agreed: shaped({ recording: text, choice: oneOf("agreed", "declined"), text: digest }),
    recording_node: shaped({ recording: text, node: text, take: u32, start_ms: i64, end_ms: i64, first_chunk: u32, last_chunk: u32, answer: oneOf("yes", "no", "doubt") }),
    recording_take: shaped({ recording: text, side: recordedSide, take: u32, chunks: u32, bytes: u64, length_ms: i64, head: digest, manifest: attachment }),
    recording_explained: shaped({ recording: text, node: text }),
    recording_ended: shaped({ recording: text }),
    recording_inspected: shaped({
      recording: text, engine: text, files: listOf(shaped({ side: recordedSide, take: u32, sha256: digest, duration_ms: maybe(i64) })),
      nodes: listOf(shaped({ node: text, take: u32, verdict: oneOf("passed", "unclear", "failed"), failed: listOf(pairOf(inspectedFor, i64)), not_checked: listOf(inspectedFor) })), findings: attachment,
    }),
    recording_reviewed: shaped({ recording: text, nodes: mapOf(text, oneOf("accepted", "redo")), reason: text }),
    recording_appealed: shaped({ recording: text, node: text, reason: text }),
    notice_handed: shaped({ document: attachment }),
    notice_acknowledged: shaped({ document: digest }),
    confirmed: shaped({ own_wish: yesNo, being_told: yesNo, table: digest }),
    permit_issued: shaped({ permit: text, expires_at_ms: i64, head: digest, amount_fen: i64, token: digest }),
    permit_refused: shaped({ missing: listOf(text) }),
    disbursed: shaped({ permit: text, amount_fen: i64, on: text, reference: text }),
    charge_reported: shaped({ charge: shaped({ reference: text, item_key: text, name_text: text, amount_fen: i64, on: date, payee: text }, true), explained: listOf(part) }),
    violation_found: shaped({ violation: oneOf("short_payout", "over_payout", "no_permit", "unlisted", "too_large", "too_early", "duplicate", "malformed"), reference: text, refund_fen: i64, zh: text, en: text }),
    refund_reported: shaped({ reference: text, amount_fen: i64 }),
    callback_opened: shaped({ seed: u64, expires_at_ms: i64 }),
    callback_answered: shaped({
      facts: mapOf(oneOf("own_loan", "signed_yourself", "someone_took_money", "unknown_fee"), yesNo), numbers: mapOf(questionId, judged),
      code: oneOf("CONFIRMED", "MISUNDERSTOOD", "DENIED_FEE", "DENIED_LOAN", "REFUSED", "HANDOFF", "WRONG_PERSON", "NO_ANSWER", "BUSY", "UNREACHABLE", "HUNG_UP_PARTIAL", "LANG_UNSUPPORTED", "TECH_FAIL"),
    }),
    remedy_opened: shaped({ reason: text, due_at_ms: i64 }),
    remedy_closed: shaped({ outcome: text }),
    family_invited: shaped({}),
    family_ended: shaped({}),
    declined: shaped({ reason: text }),
    attempt_denied: shaped({ command: text, belongs_to: text }),
    closed: shaped({}),
  };
  /** Who acted, from the record's text; null when it names nobody known. */
  function actorOf(said) {
    if (said === "borrower" || said === "system") return said;
    const login = "[a-z0-9._-]{1,40}";
    if (new RegExp(`^core:${login}$`).test(said)) return "core";
    return new RegExp(`^staff:${login}:(consultant|compliance|auditor|admin)$`).exec(said)?.[1] ?? null;
  }
  function eventOf(record) {
    const actor = actorOf(record.actor);
    let body = null;
    try {
      body = Object.hasOwn(EVENTS, record.kind) ? EVENTS[record.kind](record.body) : null;
    } catch (error) {
      if (!(error instanceof NotThat)) throw error;
    }
    if (body === null) refuse(`第 ${record.seq} 条记录(${record.kind})无法识别。`, `Record ${record.seq} (${record.kind}) cannot be recognised.`);
    if (actor === null) refuse(`第 ${record.seq} 条记录的操作人无法识别。`, `Record ${record.seq} has an unknown actor.`);
    return { seq: record.seq, at: record.at, leaf: record.leaf, prev: record.prev, terms: record.terms, kind: record.kind, actor, who: record.actor, body };
  }
