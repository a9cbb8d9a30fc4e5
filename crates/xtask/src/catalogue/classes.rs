//! Equal types once: enters a graph, leaves a node for each class of equal nodes.
//!
//! Types may contain themselves, so equality cannot be found from the leaves up. Instead all nodes are
//! thought equal, and parted as long as some of one class differ in themselves or in the classes they
//! refer to (Moore's partition refinement). What is left is the coarsest bisimulation: as few nodes as
//! can be.

use std::collections::HashMap;

use super::graph::{Graph, Node};

/// Classes of equal nodes.
pub(super) struct Classes {
    /// A node for each class, referring to classes.
    pub(super) nodes: Vec<Node>,
    /// The class of each node of the graph; without a meaning where no resource needs it.
    of: Vec<u32>,
}

impl Classes {
    /// The class of a node that a resource needs.
    pub(super) fn of(&self, node: u32) -> u32 {
        self.of[node as usize]
    }
}

/// Finds the classes of all nodes that bodies and functions need.
pub(super) fn find(graph: &Graph) -> Classes {
    let needed = reachable(graph);
    let mut of = vec![0; graph.nodes.len()];
    loop {
        let mut classes = HashMap::new();
        let mut finer = vec![0; of.len()];
        for &node in &needed {
            let key = graph.nodes[node as usize].map(|child| of[child as usize]);
            let next = classes.len() as u32;
            finer[node as usize] = *classes.entry(key).or_insert(next);
        }
        // Classes are numbered in the order of the nodes, so equal partitions have equal numbers.
        if finer == of {
            let nodes = in_order(classes);
            return Classes { nodes, of };
        }
        of = finer;
    }
}

fn in_order(classes: HashMap<Node, u32>) -> Vec<Node> {
    let mut nodes: Vec<_> = classes.into_iter().collect();
    nodes.sort_unstable_by_key(|&(_, class)| class);
    nodes.into_iter().map(|(node, _)| node).collect()
}

/// The nodes that bodies and functions need, each once.
fn reachable(graph: &Graph) -> Vec<u32> {
    let mut seen = vec![false; graph.nodes.len()];
    let mut found = Vec::new();
    let mut open = Vec::new();
    for resource in &graph.resources {
        open.extend(resource.roots());
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut seen[node as usize], true) {
                found.push(node);
                open.extend(graph.nodes[node as usize].children());
            }
        }
    }
    found
}
