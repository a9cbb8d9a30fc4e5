//! Operators over evaluated operands. The lazy ones (`&&`, `||`, `??`, `?:`) are in `eval`.
