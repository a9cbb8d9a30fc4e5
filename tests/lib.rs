//! Tests over the whole workspace; the library itself is empty.
