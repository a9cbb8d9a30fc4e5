//! How far a check is, for whoever watches it from another thread.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts of a check that is under way.
#[derive(Default, Debug)]
pub struct Progress {
    deployments: AtomicUsize,
    judged: AtomicUsize,
}

impl Progress {
    /// Notes that all files are read and so many deployments are to be judged.
    pub(crate) fn start(&self, deployments: usize) {
        self.deployments.store(deployments, Ordering::Relaxed);
    }

    /// Notes that one more is judged.
    pub(crate) fn one_more(&self) {
        self.judged.fetch_add(1, Ordering::Relaxed);
    }

    /// How many deployments are judged, and how many there are; 0 while files are still read.
    #[must_use]
    pub fn judged(&self) -> (usize, usize) {
        let judged = self.judged.load(Ordering::Relaxed);
        (judged, self.deployments.load(Ordering::Relaxed))
    }
}
