  // -------------------------------------------------------------------------------------- charges against the table
  function charges(story, { offer, table }) {
    const reported = story.filter((e) => e.kind === "charge_reported");
    if (reported.length === 0) return open("还没有收费记录。", "No charge has been reported yet.");
    if (!offer) return open("没有条款。", "There are no terms.");
    if (!table) return unable(NO_TABLE);
    const accepted = [];
    for (const { body, seq } of reported) {
      const parts = explain(table, accepted, body.charge);
      if (parts === null) return against(`第 ${seq} 条的收费 ${money(body.charge.amount_fen)} 元在成本表上没有(或没有这么多、还没到期、已经收过)。`, `The charge of ${money(body.charge.amount_fen)} yuan in record ${seq} does not stand in the table (or not so much, not yet, or not again).`);
      accepted.push({ reference: body.charge.reference, on: dayOf(body.charge.on), parts });
    }
    return { verdict: PROVEN, zh: `${reported.length} 笔收费都有对应的行。`, en: `${reported.length} charges, each with its row.` };
  }
  const taken = (accepted, item, period) => sum(accepted.flatMap((one) => one.parts).filter((p) => p.item === item && p.period === period), (p) => p.amount);
  /** The rows that explain a charge to the fen, or null. */
  function explain(table, accepted, charge) {
    const long = ["reference", "item_key", "name_text", "payee"].some((key) => [...charge[key]].length > 200);
    if (charge.amount_fen <= 0n || long || accepted.some((one) => one.reference === charge.reference)) return null;
    const room = roomFor(table, accepted, dayOf(charge.on), charge);
    let left = charge.amount_fen;
    const parts = [];
    for (const { item, period, amount } of room ?? []) {
      const used = left < amount ? left : amount;
      if (used > 0n) parts.push({ item, period, amount: used });
      left -= used > 0n ? used : 0n;
    }
    return left === 0n ? parts : null;
  }
  function roomFor(table, accepted, on, charge) {
    const fees = table.items.filter((item) => item.kind !== "interest");
    const key = charge.item_key.trim();
    const name = charge.name_text.trim();
    if (key === "") {
      const named = table.items.find((item) => item.name.zh === name || item.name.en === name);
      return named ? openRows(table, accepted, on, [named.key]) : null;
    }
    if (fees.some((item) => item.key === key) || key === "principal" || key === "interest") return openRows(table, accepted, on, [key]);
    if (key === "instalment") return openRows(table, accepted, on, ["interest", "principal", ...fees.map((item) => item.key)]);
    if (key === "early_payoff") return earlyRoom(table, accepted, on);
    return ["overdue_interest", "compound_interest", "late_fee"].includes(key) ? lateRoom(table, accepted, on, key) : null;
  }
  const paidOff = (accepted) => accepted.filter((one) => one.parts.some((p) => p.item === "early_payoff")).map((one) => one.on).sort((a, b) => a - b)[0];
  function openRows(table, accepted, on, keys) {
    const rows = table.instalments.flatMap((row) => [{ item: "interest", period: row.n, on: dayOf(row.due_on), amount: row.interest_fen }, { item: "principal", period: row.n, on: dayOf(row.due_on), amount: row.principal_fen }]);
    for (const item of table.items.filter((one) => one.kind !== "interest")) {
      const kept = item.collected === "deducted_from_payout";
      for (const c of item.charges) if (!(kept && c.period === 0n)) rows.push({ item: item.key, period: c.period, on: dayOf(c.on), amount: c.amount_fen });
    }
    const end = paidOff(accepted);
    return rows.filter((row) => row.amount > 0n && keys.includes(row.item) && row.on <= on && !(end !== undefined && row.on > end))
      .sort((a, b) => Number(a.period - b.period))
      .map((row) => ({ ...row, amount: row.amount - taken(accepted, row.item, row.period) }))
      .filter((row) => row.amount > 0n);
  }
  function earlyRoom(table, accepted, on) {
    if (paidOff(accepted) !== undefined) return [];
    const next = table.instalments.find((row) => dayOf(row.due_on) > on);
    const running = next ? next.interest_fen + (next.fees_fen > 0n ? next.fees_fen : 0n) : 0n;
    const before = table.early.findLast((row) => dayOf(row.on) <= on);
    const first = table.early[0];
    const fee = first && first.balance_fen > 0n ? (first.fee_fen * table.principal_fen + first.balance_fen - 1n) / first.balance_fen : 0n;
    const exact = before && dayOf(before.on) === on;
    const most = before ? before.payoff_fen + (exact ? 0n : running) : table.principal_fen + running + fee;
    return [{ item: "early_payoff", period: before?.n ?? 0n, amount: most }];
  }
  function lateRoom(table, accepted, on, key) {
    const rules = table.default_costs;
    const out = [];
    for (const row of table.instalments.filter((one) => dayOf(one.due_on) < on)) {
      const principal = fenDays(accepted, rules, on, row, "principal", row.principal_fen);
      const interest = fenDays(accepted, rules, on, row, "interest", row.interest_fen);
      let most = 0n;
      if (key === "overdue_interest") most = overdue(table, principal);
      if (key === "compound_interest" && rules.compound_on_interest === "charged") most = overdue(table, interest);
      if (key === "late_fee" && (principal > 0n || interest > 0n)) most = rules.late_fee_fen;
      out.push({ item: key, period: row.n, amount: most - taken(accepted, key, row.n) });
    }
    return out.filter((one) => one.amount > 0n);
  }
  function fenDays(accepted, rules, on, row, item, amount) {
    const due = dayOf(row.due_on);
    const counted = (day) => (BigInt(day - due) > rules.grace_days ? BigInt(day - due) : 0n);
    let [unpaid, total] = [amount, 0n];
    for (const one of accepted.filter((known) => known.on <= on)) {
      for (const p of one.parts.filter((known) => known.item === item && known.period === row.n)) {
        total += p.amount * counted(one.on);
        unpaid -= p.amount;
      }
    }
    return total + (unpaid > 0n ? unpaid : 0n) * counted(on);
  }
  /** Rounded up; 360 or 365 days a year, whichever the table's own example was worked out with. */
  function overdue(table, days) {
    const rules = table.default_costs;
    const row = table.instalments.find((one) => one.n === rules.late_example.n);
    const off = (year) => {
      const num = row.principal_fen * rules.overdue_rate_ppm * rules.late_example.days;
      const whole = (2n * num + year * 1000000n) / (2n * year * 1000000n) - rules.late_example.overdue_interest_fen;
      return whole < 0n ? -whole : whole;
    };
    const per = (row && off(360n) < off(365n) ? 360n : 365n) * 1000000n;
    return (rules.overdue_rate_ppm * days + per - 1n) / per;
  }
