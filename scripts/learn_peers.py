#!/usr/bin/env python3
"""Holds the measuring engine against girth and statsmodels.

    python3 -m venv VENV && VENV/bin/pip install girth statsmodels
    VENV/bin/python scripts/learn_peers.py fixture crates/learn/tests/it/fixtures/peers.json   # figures that the tests compare with
    VENV/bin/python scripts/learn_peers.py race OUT [people] [questions]                       # girth against us, same run, same answers
"""
import json
import os
import subprocess
import sys
import time

import numpy as np


def uplift_data(rng):
    """120 people of 12 villages of unequal size, six taught."""
    rows = []
    for village in range(12):
        taught = village % 2
        shared = rng.normal(0, 0.3)
        for _ in range(4 + village):
            able = rng.normal()
            before = able + rng.normal(0, 0.5)
            after = able + shared + 0.4 * taught + rng.normal(0, 0.5)
            rows.append([village, taught, round(before, 3), round(after, 3)])
    return rows


def cr2(x, y, clusters, at):
    """Bell and McCaffrey straight from the definition, with whole matrices."""
    m = np.linalg.inv(x.T @ x)
    hat = np.eye(len(y)) - x @ m @ x.T
    left = hat @ y
    variance, ps = 0.0, []
    for g in np.unique(clusters):
        mine = clusters == g
        values, vectors = np.linalg.eigh(hat[np.ix_(mine, mine)])
        root = vectors @ np.diag([v ** -0.5 if v > 1e-10 else 0 for v in values]) @ vectors.T
        a = root @ x[mine] @ m[:, at]
        variance += (a @ left[mine]) ** 2
        ps.append(hat[:, mine] @ a)
    cross = np.array([[p @ q for q in ps] for p in ps])
    return variance ** 0.5, np.trace(cross) ** 2 / (cross ** 2).sum()


def uplift(rng):
    import statsmodels.api as sm
    rows = uplift_data(rng)
    data = np.array(rows)
    villages, taught, before, after = data.T
    x = np.column_stack([np.ones(len(data)), taught, before - before.mean()])
    told = sm.OLS(after, x).fit(cov_type="cluster", cov_kwds={"groups": villages.astype(int)})
    error, degrees = cr2(x, after, villages, 1)
    ones = np.ones((int(taught.sum()), 1))
    gain = (after - before)[taught == 1]
    own = villages[taught == 1]
    only = sm.OLS(gain, ones).fit(cov_type="cluster", cov_kwds={"groups": own.astype(int)})
    only_error, only_degrees = cr2(ones, gain, own, 0)
    return {"rows": rows,
            "compared": {"difference": told.params[1], "cr1": told.bse[1], "cr2": error, "degrees": degrees},
            "only": {"difference": only.params[0], "cr1": only.bse[0], "cr2": only_error, "degrees": only_degrees}}


def answers(rng, people, slopes, intercepts, able=None):
    able = rng.normal(size=people) if able is None else able
    chance = 1 / (1 + np.exp(-(able[:, None] * slopes + intercepts)))
    return (rng.random(chance.shape) < chance).astype(np.uint8)


def dif(rng):
    from statsmodels.stats.contingency_tables import StratifiedTable
    slopes, intercepts = np.full(8, 1.2), np.linspace(-1, 1, 8)
    harder = intercepts.copy()
    harder[3] -= 1.2
    reference = answers(rng, 400, slopes, intercepts)
    focal = answers(rng, 400, slopes, harder, rng.normal(-0.3, 1, 400))
    found = []
    for item in range(8):
        tables = []
        for lot in range(9):
            r, f = (a[a.sum(1) == lot][:, item] for a in (reference, focal))
            table = [[r.sum(), len(r) - r.sum()], [f.sum(), len(f) - f.sum()]]
            if len(r) + len(f) > 1:
                tables.append(np.array(table, float))
        whole = StratifiedTable(tables)
        test = whole.test_null_odds(correction=True)
        found.append({"odds": whole.oddsratio_pooled, "error": whole.logodds_pooled_se, "chi2": test.statistic, "p": test.pvalue})
    text = lambda rows: ["".join(map(str, row)) for row in rows]
    return {"reference": text(reference), "focal": text(focal), "items": found}


def proportions():
    from statsmodels.stats.proportion import proportion_confint
    cases = [(0, 10), (1, 10), (10, 10), (37, 1200), (600, 1200), (3, 7), (99999, 100000)]
    return [{"count": k, "of": n, "wilson": proportion_confint(k, n, method="wilson"), "exact": proportion_confint(k, n, method="beta")}
            for k, n in cases]


def power():
    from statsmodels.stats.power import TTestIndPower
    found = []
    for effect in (0.1, 0.2, 0.35, 0.5, 0.8, 1.5):
        for wanted in (0.8, 0.9):
            found.append({"effect": effect, "power": wanted, "n": TTestIndPower().solve_power(effect, power=wanted, alpha=0.05)})
    return found


def small_girth(rng):
    from girth import twopl_mml
    slopes = rng.uniform(0.7, 2.0, 10)
    rows = answers(rng, 600, slopes, rng.uniform(-1.5, 1.5, 10) * slopes)
    told = twopl_mml(rows.T.astype(int), options={"quadrature_n": 61, "quadrature_bounds": (-6, 6), "max_iteration": 500})
    return {"rows": ["".join(map(str, row)) for row in rows],
            "slopes": told["Discrimination"].tolist(), "difficulties": told["Difficulty"].tolist()}


def fixture(path):
    import girth
    import statsmodels
    rng = np.random.default_rng(20251126)
    made = {"source": f"made by scripts/learn_peers.py with statsmodels {statsmodels.__version__}, girth {girth.__version__ if hasattr(girth, '__version__') else ''}"
                      f"and numpy {np.__version__}; the answers are simulated (seed 20251126); cr2 and its degrees from the definition with whole matrices",
            "uplift": uplift(rng), "dif": dif(rng), "proportions": proportions(), "power": power(), "girth": small_girth(rng)}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(made, file, separators=(",", ":"), default=float)
        file.write("\n")


def race(out, people=100_000, questions=40):
    from girth import twopl_mml
    os.makedirs(out, exist_ok=True)
    rng = np.random.default_rng(7)
    slopes = rng.uniform(0.6, 2.2, questions)
    intercepts = rng.uniform(-2, 2, questions) * slopes
    rows = answers(rng, people, slopes, intercepts)
    path = os.path.join(out, "answers.bin")
    rows.tofile(path)
    print(f"{people} people, {questions} questions; load before {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores", flush=True)
    run = ["cargo", "bench", "--quiet", "-p", "mingbai-learn", "--bench", "calibrate", "--", path, str(questions)]
    ours = json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip().splitlines()[-1])
    print({k: v for k, v in ours.items() if k not in ("slopes", "difficulties")}, flush=True)
    counted = rows.T.astype(int)
    start, busy = time.perf_counter(), time.process_time()
    told = twopl_mml(counted)
    theirs, cores = time.perf_counter() - start, time.process_time() - busy
    print(f"girth {theirs:.1f} s by the clock, {cores:.1f} s of the processors; load after {os.getloadavg()[0]:.2f}")
    print(f"we {ours['seconds']:.2f} s: {theirs / ours['seconds']:.1f} times as fast by the clock")
    true = lambda a, b: f"{np.sqrt(np.mean((np.array(a) - b) ** 2)):.4f}"
    print("root mean square error of slopes, of difficulties:")
    print("  we   ", true(ours["slopes"], slopes), true(ours["difficulties"], -intercepts / slopes))
    print("  girth", true(told["Discrimination"], slopes), true(told["Difficulty"], -intercepts / slopes))
    print("largest difference of slopes, of difficulties between the two:",
          f"{np.abs(np.array(ours['slopes']) - told['Discrimination']).max():.4f}", f"{np.abs(np.array(ours['difficulties']) - told['Difficulty']).max():.4f}")


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("fixture", "race"):
        sys.exit(__doc__)
    {"fixture": fixture, "race": lambda out, *n: race(out, *map(int, n))}[sys.argv[1]](*sys.argv[2:])
