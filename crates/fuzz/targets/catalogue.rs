//! The reader of resource types, under random bytes.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| tricep_fuzz::catalogue(data));

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    tricep_fuzz::drive::main(tricep_fuzz::catalogue)
}
