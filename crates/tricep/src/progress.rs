//! A bar on standard error while a check takes long, for people at a terminal only.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tricep_analyzer::Progress;

/// Nobody needs a bar for what is over by then.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often it is drawn.
const INTERVAL: Duration = Duration::from_millis(100);

/// A bar that shows itself when the check takes long, and is gone when this is dropped.
pub(crate) struct Bar {
    stop: Option<Sender<()>>,
    drawing: Option<JoinHandle<()>>,
}

impl Bar {
    /// Begins to wait. Nothing is drawn where standard error is no terminal, or in CI.
    pub(crate) fn start(progress: &Arc<Progress>) -> Self {
        let is_watched = console::user_attended_stderr() && std::env::var_os("CI").is_none();
        if !is_watched {
            return Self {
                stop: None,
                drawing: None,
            };
        }
        let (stop, stopped) = channel();
        let progress = Arc::clone(progress);
        Self {
            stop: Some(stop),
            drawing: Some(spawn(move || draw(&progress, &stopped))),
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(drawing) = self.drawing.take() {
            // A bar that could not be drawn is no reason to fail.
            let _ = drawing.join();
        }
    }
}

fn draw(progress: &Progress, stopped: &Receiver<()>) {
    if stopped.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let reading = ProgressStyle::with_template("{spinner} reading files ({elapsed})");
    let judging = ProgressStyle::with_template("{bar:30} {pos}/{len} deployments ({elapsed})");
    let (Ok(reading), Ok(judging)) = (reading, judging) else {
        return;
    };
    loop {
        match progress.judged() {
            (_, 0) => bar.set_style(reading.clone()),
            (judged, all) => {
                bar.set_style(judging.clone());
                bar.set_length(all as u64);
                bar.set_position(judged as u64);
            }
        }
        bar.tick();
        if stopped.recv_timeout(INTERVAL) != Err(RecvTimeoutError::Timeout) {
            bar.finish_and_clear();
            return;
        }
    }
}
