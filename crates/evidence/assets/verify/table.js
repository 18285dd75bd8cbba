  // ---------------------------------------------------------------------------------------- the rules of the pack
  /** The four rules that a judgement needs, from the pack's own text. Null when they do not stand there as expected. */
  function parsePack(bytes) {
    const lines = textOf(bytes)?.split("\n") ?? [];
    const values = {};
    let section = "";
    for (const line of lines) {
      const head = /^\[+([a-z_]+)\]+\s*$/.exec(line);
      if (head) section = head[1];
      const row = /^([a-z_]+) = \{ value = (\d+|\[[^\]]*\])[,\s}]/.exec(line);
      if (row) values[`${section}.${row[1]}`] ??= row[2];
    }
    const number = (key) => (/^\d+$/.test(values[key] ?? "") ? BigInt(values[key]) : null);
    const required = values["teach_back.required"]?.match(/"[a-z_]+"/g)?.map((word) => word.slice(1, -1));
    const [floor, speed] = [number("reading.min_seconds"), number("reading.chars_per_second")];
    const attested = values["recording.attested_channels"]?.match(/"[a-z_]+"/g)?.map((word) => word.slice(1, -1));
    return floor === null || speed === null || !required || !attested ? null : { attested, floor, speed: speed > 0n ? speed : 1n, required };
  }

  // ------------------------------------------------------------------------------------------------ the cost table
  const words = shaped({ zh: text, en: text }, true);
  const party = shaped({ role: text, name: words }, true);
  const figure = shaped({ value: (v) => (v instanceof Map && v.size === 1 ? { ppm: v.get("ppm") ?? null, none: v.get("none") ?? null } : not()), basis: text });
  const TABLE = shaped({
    terms_digest: digest, lender: party, principal_fen: i64, net_payout_fen: i64, upfront_deduction: maybe(shaped({ amount_fen: i64 })), payout_on: date,
    nominal_rate_ppm: i64, total_interest_fen: i64, total_fees_fen: i64, total_cost_fen: i64, total_repayable_fen: i64, cost_per_10k_fen: i64, nothing_else: words,
    items: listOf(shaped({ key: text, kind: oneOf("interest", "fee", "deposit"), name: words, payee: party, collected: text, standard: words, total_fen: i64, charges: listOf(shaped({ period: u32, on: date, amount_fen: i64 })) })),
    annual: shaped({ compound: figure, simple: figure }),
    instalments: listOf(shaped({ n: u32, due_on: date, principal_fen: i64, interest_fen: i64, fees_fen: i64, total_fen: i64, balance_fen: i64 })),
    default_costs: shaped({ overdue_rate_ppm: i64, misuse_rate_ppm: i64, compound_on_interest: oneOf("charged", "not_charged"), grace_days: u32, late_fee_fen: i64, late_example: shaped({ n: u32, days: u32, overdue_interest_fen: i64, extra_fen: i64, due_fen: i64 }) }),
    early: listOf(shaped({ n: u32, on: date, balance_fen: i64, fee_fen: i64, payoff_fen: i64, saved_fen: i64 })),
  });
  /** The table that an offer names, if its bytes are in the package: `{table}` or `{absent}` or `{bad}`. */
  function tableOf(offer, genuine) {
    const bytes = genuine.get(offer.body.table.sha256);
    if (!bytes) return { absent: true };
    try {
      return { table: TABLE(parseObject(bytes)) };
    } catch (error) {
      if (error instanceof NotThat || error instanceof BadJson) return { bad: true };
      throw error;
    }
  }
  const sum = (rows, pick) => rows.reduce((total, row) => total + pick(row), 0n);
  /** The sums that must hold in any cost table, whatever the arithmetic behind it. The names of those that do not. */
  function wrongSums(t, termsDigest) {
    const kept = t.upfront_deduction?.amount_fen ?? 0n;
    const last = t.instalments.at(-1);
    const owed = (i) => t.principal_fen - sum(t.instalments.slice(0, i + 1), (row) => row.principal_fen);
    const rules = {
      "terms_digest": t.terms_digest === termsDigest,
      "net payout = principal − deducted": t.net_payout_fen === t.principal_fen - kept,
      "principal = sum of instalments": t.principal_fen === sum(t.instalments, (row) => row.principal_fen),
      "interest = sum of instalments": t.total_interest_fen === sum(t.instalments, (row) => row.interest_fen),
      "instalment = principal + interest + fees": t.instalments.every((row) => row.total_fen === row.principal_fen + row.interest_fen + row.fees_fen),
      "balance falls by the principal paid": t.instalments.every((row, i) => row.balance_fen === owed(i)) && (!last || last.balance_fen === 0n),
      "cost = interest + fees": t.total_cost_fen === t.total_interest_fen + t.total_fees_fen,
      "repayable = principal + cost": t.total_repayable_fen === t.principal_fen + t.total_cost_fen,
    };
    return Object.entries(rules).filter(([, holds]) => !holds).map(([name]) => name);
  }
