//! Where flowfiles may go: which processors lie on one circle, what closes it, and what comes
//! later.

/// The ways and circles of a flow.
pub(crate) struct Cycles {
    /// For each processor a number that it shares with those it lies on a circle with.
    components: Vec<usize>,
    /// For each connection whether it leads to where its flowfiles have been before.
    leads_back: Vec<bool>,
    /// For each processor its connections, each with the processor that it leads to.
    next: Vec<Vec<(usize, usize)>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Not,
    Under,
    Done,
}

impl Cycles {
    /// Those of `nodes` processors with connections from the first to the second of each pair.
    pub(crate) fn of(nodes: usize, connections: &[(usize, usize)]) -> Self {
        let mut next = vec![Vec::new(); nodes];
        let mut before = vec![Vec::new(); nodes];
        for (index, (from, to)) in connections.iter().copied().enumerate() {
            next[from].push((index, to));
            before[to].push((index, from));
        }
        let is_start = |node: &usize| before[*node].iter().all(|(_, from)| from == node);
        // What others lead to comes later, so that what leads back is what closes a circle.
        let starts = (0..nodes).filter(is_start).chain(0..nodes);
        let mut leads_back = vec![false; connections.len()];
        let mut visits = vec![Visit::Not; nodes];
        let mut order = Vec::with_capacity(nodes);
        for start in starts {
            walk(start, &next, &mut visits, &mut order, |index| leads_back[index] = true);
        }
        let mut components = vec![0; nodes];
        let mut visits = vec![Visit::Not; nodes];
        for start in order.into_iter().rev() {
            let mut component = Vec::new();
            walk(start, &before, &mut visits, &mut component, |_| ());
            for node in component {
                components[node] = start;
            }
        }
        Self { components, leads_back, next }
    }

    /// The number that `node` shares with those it lies on a circle with.
    pub(crate) fn component(&self, node: usize) -> usize {
        self.components[node]
    }

    /// All other processors that flowfiles of `node` may come to.
    pub(crate) fn downstream(&self, node: usize) -> Vec<usize> {
        let mut visits = vec![Visit::Not; self.next.len()];
        let mut found = Vec::new();
        walk(node, &self.next, &mut visits, &mut found, |_| ());
        found.retain(|each| *each != node);
        found
    }

    /// Whether the connection leads to where its flowfiles have been before.
    pub(crate) fn leads_back(&self, connection: usize) -> bool {
        self.leads_back[connection]
    }
}

/// Goes from `start` to all that was not visited yet, deeper first; `order` gets what is done, and
/// `back` each connection that leads to what is under way.
fn walk(
    start: usize,
    next: &[Vec<(usize, usize)>],
    visits: &mut [Visit],
    order: &mut Vec<usize>,
    mut back: impl FnMut(usize),
) {
    if visits[start] != Visit::Not {
        return;
    }
    visits[start] = Visit::Under;
    let mut path = vec![(start, 0)];
    while let Some((node, seen)) = path.last_mut() {
        let node = *node;
        let Some((connection, to)) = next[node].get(*seen).copied() else {
            visits[node] = Visit::Done;
            order.push(node);
            path.pop();
            continue;
        };
        *seen += 1;
        match visits[to] {
            Visit::Not => {
                visits[to] = Visit::Under;
                path.push((to, 0));
            }
            Visit::Under => back(connection),
            Visit::Done => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_closes_a_circle_leads_back_and_the_rest_goes_on() {
        // 3 -> 0 -> 1 -> 2, with 1 back to 0, 2 to itself, and 3 to 2 past the others.
        let connections = [(1, 0), (0, 1), (3, 0), (1, 2), (2, 2), (3, 2)];
        let cycles = Cycles::of(4, &connections);
        let back: Vec<bool> = (0..6).map(|index| cycles.leads_back(index)).collect();
        assert_eq!(back, [true, false, false, false, true, false]);
        let components: Vec<usize> = (0..4).map(|node| cycles.component(node)).collect();
        assert_eq!(components[0], components[1]);
        assert!(components[2] != components[0] && components[3] != components[0]);
        assert_ne!(components[2], components[3]);
    }

    #[test]
    fn a_circle_that_nothing_leads_to_is_closed_once() {
        let cycles = Cycles::of(3, &[(0, 1), (1, 2), (2, 0)]);
        assert_eq!((0..3).filter(|index| cycles.leads_back(*index)).count(), 1);
        assert!((1..3).all(|node| cycles.component(node) == cycles.component(0)));
    }
}
