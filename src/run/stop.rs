//! When to stop: a flag that the work looks at between packs, and the two who set it.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that Ctrl-C (or a termination signal) sets; the current pack is still finished. A second Ctrl-C ends the process at once, which
/// costs no more than that pack. Call once per process.
///
/// # Errors
/// When the system refuses the handler, or one is installed already.
pub fn stop_on_interrupt() -> Result<Arc<AtomicBool>, ctrlc::Error> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // Counted apart from the flag: a worker may be told to stop by its parent first, and then its first Ctrl-C is no second one.
    let interrupted = AtomicBool::new(false);
    ctrlc::set_handler(move || {
        flag.store(true, Ordering::SeqCst);
        if interrupted.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    })?;
    Ok(stop)
}

/// Set `stop` when standard input ends, which is when the parent process closes it or is gone, however it went. For worker processes,
/// which must not live on without a parent; they ignore what else comes in.
pub fn stop_when_parent_is_gone(stop: &Arc<AtomicBool>) {
    let stop = Arc::clone(stop);
    std::thread::spawn(move || {
        let mut input = std::io::stdin().lock();
        let mut buffer = [0u8; 64];
        while matches!(input.read(&mut buffer), Ok(count) if count > 0) {}
        stop.store(true, Ordering::SeqCst);
    });
}
