//! Whether a model fits into this machine. In: the shapes of its tensors. Out: nothing, or what is needed, what is there and what to do.

use sysinfo::{MemoryRefreshKind, RefreshKind, System};

use super::file_error;
use crate::model::ModelError;

/// What answering takes beside the weights: one tensor in conversion, keys, values and logits of a pack.
const WORKING: u64 = 1 << 30;

/// Bytes that a model of `weights` numbers needs, each kept as F32; `copied` of them are kept twice (an embedding that is also the head).
pub fn needed(weights: u64, copied: u64) -> u64 {
    4 * (weights + copied) + WORKING
}

/// Bytes that this process may still take: what the machine has free, or what its container leaves it.
pub fn available() -> u64 {
    let system = System::new_with_specifics(RefreshKind::nothing().with_memory(MemoryRefreshKind::nothing().with_ram()));
    let container = system.cgroup_limits().map_or(u64::MAX, |limits| limits.free_memory);
    system.available_memory().min(container)
}

/// Compares the two for the model in `file`.
///
/// # Errors
/// [`ModelError::File`] when the model does not fit.
pub fn check(file: &str, needed: u64, available: u64) -> Result<(), ModelError> {
    if needed <= available {
        return Ok(());
    }
    let gib = |bytes: u64| format!("{:.1} GiB", bytes as f64 / f64::from(1 << 30));
    Err(file_error(
        file,
        format!("the model needs {} of memory, {} are free on this machine", gib(needed), gib(available)),
        "close other programs, run with --jobs 1 (each job holds the model), take a smaller model, or use a machine with more memory",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_is_too_small_is_told_what_is_needed_and_what_is_there() {
        let needed = needed(7_000_000_000, 0);
        assert_eq!(needed, 28_000_000_000 + (1 << 30));
        assert!(check("model.safetensors", needed, needed).is_ok());
        let error = check("model.safetensors", needed, 8 << 30).unwrap_err().to_string();
        assert!(error.contains("needs 27.1 GiB of memory, 8.0 GiB are free"), "{error}");
    }

    #[test]
    fn this_machine_has_some_memory_free() {
        assert!((1 << 20..1 << 50).contains(&available()), "{}", available());
    }
}
