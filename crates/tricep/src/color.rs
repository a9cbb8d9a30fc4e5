//! Whether standard output gets colours.

use std::io;

use anstream::{AutoStream, ColorChoice};

use crate::args::ColorArg;

/// As asked for, or as a terminal and `NO_COLOR`, `CLICOLOR` and `CLICOLOR_FORCE` say.
pub(crate) fn wanted(when: ColorArg) -> bool {
    match when {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => AutoStream::choice(&io::stdout()) != ColorChoice::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_counts() {
        assert!(wanted(ColorArg::Always));
        assert!(!wanted(ColorArg::Never));
    }
}
