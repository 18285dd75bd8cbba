// A borrower who has read her table: finds the answer to a question among its figures.

const yuan = (fen) => (fen / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const day = (iso) => iso.split("-").map(Number);

export function figures(table, question) {
  const kind = question.split(".")[0];
  const [year, month, date] = day(table.final_due_on);
  const late = table.default_costs.late_example;
  const simple = (ppm) => [`${(ppm / 10_000).toFixed(2)}%`, `${ppm / 10_000}%`];
  return {
    net_payout: [yuan(table.net_payout_fen)],
    monthly_amount: [yuan(table.instalments[0].total_fen), yuan(Math.max(...table.instalments.map((i) => i.total_fen)))],
    instalment_count: [`${table.instalments.length} 期`],
    last_due_date: [`${year}年${month}月${date}日`, `${year} 年 ${month} 月 ${date} 日`],
    total_repayable: [yuan(table.total_repayable_fen)],
    extra_cost: [yuan(table.total_cost_fen)],
    late_month: [yuan(late.extra_fen)],
    early_payoff: table.early.map((row) => yuan(row.payoff_fen)),
    all_in_rate: simple(table.annual.simple.value.ppm),
    anything_else: ["不会。"],
    fee_collector: table.items.map((item) => item.payee.name.zh),
    fee_amount: table.items.flatMap((item) => item.charges.map((charge) => yuan(charge.amount_fen))),
  }[kind] ?? [];
}

// Clicks the one choice that her table knows.
export async function answer(page, table) {
  const question = await page.locator("input[name=question]").inputValue();
  const known = figures(table, question);
  const choices = await page.locator("label.choice").all();
  const texts = await Promise.all(choices.map((choice) => choice.innerText()));
  const at = texts.findIndex((text) => known.some((figure) => text.replace(/ 元$/, "").trim() === figure || text.startsWith(figure)));
  if (at < 0) throw new Error(`${question}: none of ${JSON.stringify(texts)} is in her table (${JSON.stringify(known)})`);
  await choices[at].click();
  await page.getByRole("button", { name: "就是这个答案" }).click();
  return question;
}
