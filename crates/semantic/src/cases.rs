//! Case analysis: asks the same thing again under assumed answers until it is settled.
//!
//! Values never branch inside; whoever asks gets an answer and, where it is open, the question that
//! would settle more. Asking again under yes and under no keeps everything that hangs on one input
//! together.

use crate::eval::{Assumptions, Question};

/// An answer under some assumptions.
#[derive(Clone, Debug)]
pub struct Leaf<T> {
    /// What was assumed.
    pub assumptions: Assumptions,
    /// The answer.
    pub answer: T,
}

/// Every case of a question.
#[derive(Clone, Debug)]
pub struct Cases<T> {
    /// The answer without assumptions.
    pub root: T,
    /// The answers under assumptions that exclude each other; one, if nothing had to be split.
    pub leaves: Vec<Leaf<T>>,
    /// Whether there were more cases than the limit; then the leaves are not all.
    pub cut: bool,
}

/// Asks `ask`, which gives an answer and, if that is open, a question to split on; at most
/// `max_leaves` cases are told apart.
pub fn split<T: Clone>(
    max_leaves: usize,
    ask: impl FnMut(&Assumptions) -> (T, Option<Question>),
) -> Cases<T> {
    split_from(Assumptions::default(), max_leaves, ask)
}

/// As [`split`], with something assumed from the start.
pub fn split_from<T: Clone>(
    start: Assumptions,
    max_leaves: usize,
    mut ask: impl FnMut(&Assumptions) -> (T, Option<Question>),
) -> Cases<T> {
    let mut root = None;
    let mut leaves = Vec::new();
    let mut open = vec![start];
    let mut asked = 0;
    while let Some(assumptions) = open.pop() {
        // Every split adds one leaf, so this bounds the inner nodes too.
        if leaves.len() + open.len() >= max_leaves || asked >= 4 * max_leaves {
            let (answer, _) = ask(&assumptions);
            let root = root.unwrap_or_else(|| answer.clone());
            leaves.push(Leaf {
                assumptions,
                answer,
            });
            return Cases {
                root,
                leaves,
                cut: true,
            };
        }
        asked += 1;
        let (answer, question) = ask(&assumptions);
        root.get_or_insert_with(|| answer.clone());
        match question {
            // A question that is answered already cannot settle anything more.
            Some(question) if assumptions.answer(&question).is_none() => {
                open.push(assumptions.with(question.clone(), false));
                open.push(assumptions.with(question, true));
            }
            _ => leaves.push(Leaf {
                assumptions,
                answer,
            }),
        }
    }
    match root {
        Some(root) => Cases {
            root,
            leaves,
            cut: false,
        },
        None => unreachable!("the first round always asks"),
    }
}
