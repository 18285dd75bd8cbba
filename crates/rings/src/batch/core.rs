//! Core numbers by buckets (Batagelj and Zaversnik 2003), in time linear in the edges.

use super::Graph;

/// The core number of every row, then of every column.
#[must_use]
pub fn core_numbers(graph: &Graph) -> Vec<u32> {
    let rows = graph.rows();
    let count = rows + graph.cols();
    let neighbours = |v: usize| if v < rows { graph.of_row(v) } else { graph.of_col(v - rows) };
    let mut degree: Vec<usize> = (0..count).map(|v| neighbours(v).len()).collect();
    let most = degree.iter().copied().max().unwrap_or(0);
    let mut bin = vec![0_usize; most + 2];
    for d in &degree {
        bin[d + 1] += 1;
    }
    for d in 0..=most {
        bin[d + 1] += bin[d];
    }
    let mut next = bin.clone();
    let mut order = vec![0_usize; count];
    let mut place = vec![0_usize; count];
    for v in 0..count {
        place[v] = next[degree[v]];
        order[place[v]] = v;
        next[degree[v]] += 1;
    }
    for i in 0..count {
        let v = order[i];
        for other in neighbours(v) {
            let u = *other as usize + if v < rows { rows } else { 0 };
            if degree[u] > degree[v] {
                let (from, to) = (place[u], bin[degree[u]]);
                let first = order[to];
                order.swap(from, to);
                place[u] = to;
                place[first] = from;
                bin[degree[u]] += 1;
                degree[u] -= 1;
            }
        }
    }
    degree.into_iter().map(|d| u32::try_from(d).unwrap_or(u32::MAX)).collect()
}
