//! Names of processes that stay true after their numbers are given to others.

/// `pid/start-time@boot`: names this process beyond doubt, also after the number is used again.
pub fn own_name() -> String {
    let pid = std::process::id();
    format!("process {pid}/{}@{}", start_time(pid).unwrap_or_default(), boot())
}

/// This process as temporary files are marked: the holder's name in letters a file name may have.
pub fn own_mark() -> String {
    own_name().trim_start_matches("process ").replacen('/', "-", 1)
}

/// Whether the process behind a mark of [`own_mark`] is gone.
pub fn is_gone(mark: &str) -> bool {
    is_dead(&format!("process {}", mark.replacen('-', "/", 1)))
}

/// Whether the holder ran on this machine since its last start and is gone.
pub fn is_dead(holder: &str) -> bool {
    let Some((process, boot_id)) = holder.strip_prefix("process ").and_then(|rest| rest.split_once('@')) else { return false };
    let Some((pid, started)) = process.split_once('/') else { return false };
    let Ok(pid) = pid.parse() else { return false };
    // Another machine's (or another boot's) process cannot be seen from here: only time frees its lease.
    boot_id == boot() && !started.is_empty() && start_time(pid).as_deref() != Some(started)
}

/// The kernel's start time of a process, field 22 of `/proc/<pid>/stat`.
fn start_time(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The command name may hold spaces and brackets; the fields start after its last one.
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(19).map(str::to_owned)
}

fn boot() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").map(|id| id.trim().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_living_holder_is_not_dead_and_a_reused_number_is() {
        let own = own_name();
        assert!(!is_dead(&own));
        let (head, boot) = own.split_once('@').unwrap();
        let (pid, _) = head.split_once('/').unwrap();
        assert!(is_dead(&format!("{pid}/1@{boot}")));
        assert!(!is_dead("process 1/1@another-boot"));
        assert!(!is_gone(&own_mark()) && is_gone(&format!("{}-1@{boot}", std::process::id())));
    }
}
