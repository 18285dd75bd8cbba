// SIMULATION. 1,200 invented residents of three invented cities and what they would put on paper: nobody here exists, the numbers (begin 1990000)
// belong to no network. One seed gives one town, so every run shows the same figures. The truth that the report should find stands in TRUTH.

export const TRUTH = { persons: 1200, gain: 0.35, skillGain: 0.6, leaning: -0.2 };
export const CITIES = ["甲市", "乙市", "丙市"];

// mulberry32: small, seeded, good enough to draw people with.
function luck(seed) {
  let state = seed;
  const unit = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
  return { unit, normal };
}

const decimals = (x) => Math.max(-5.9, Math.min(5.9, x)).toFixed(2);

// Thirty sessions of forty people, ten in each city; every third waits. Some names stand on the list twice, some give no number, some leave.
export function town(seed = 20261126) {
  const { unit, normal } = luck(seed);
  const sessions = [];
  for (let number = 1; number <= 30; number++) {
    const waits = number % 3 === 0;
    const shared = 0.12 * normal();
    const list = [], results = [];
    for (let line = 1; line <= 40; line++) {
      const person = (number - 1) * 40 + line;
      const phone = `1990000${String(person).padStart(4, "0")}`;
      list.push(`${line},${phone}`);
      const able = normal();
      const test = (mean) => decimals(0.75 * mean + 0.35 * normal());
      const sort = (skill, leaning) => {
        let hits = 0, alarms = 0;
        for (let i = 0; i < 10; i++) {
          if (skill / 2 + normal() > leaning) hits++;
          if (-skill / 2 + normal() > leaning) alarms++;
        }
        return `${hits},10,${alarms},10`;
      };
      const skill = 1.1 + 0.3 * able;
      results.push(`${phone},前测,${test(able)},0.42,5,4,1`, `${phone},前测,${sort(skill, 0)}`);
      if (unit() < 0.85) results.push(`${phone},学完`);
      // One in six does not come back for the second test, the weaker ones a little more often.
      if (unit() > 1 / 6 - 0.05 * able) {
        const gain = waits ? 0 : 1;
        results.push(`${phone},后测,${test(able + shared + (gain * TRUTH.gain) / 0.75)},0.42,6,3,1`);
        results.push(`${phone},后测,${sort(skill + gain * TRUTH.skillGain, gain * TRUTH.leaning)}`);
      }
      if (unit() < 0.3) results.push(`${phone},30 到 90 天以后,${test(able)},0.42,6,3,1`);
    }
    // Two lines without a number, and one neighbour who signed again.
    list.push("41", "42", `43,1990000${String((number - 1) * 40 + 1).padStart(4, "0")}`);
    sessions.push({ number, city: (number - 1) % 3, waits, list: list.join("\n"), results: results.join("\n") });
  }
  return sessions;
}
