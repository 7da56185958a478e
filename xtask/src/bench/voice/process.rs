//! What this process and the engine's threads in it use, as Linux counts it in `/proc`.

use crate::load::cpu;
use crate::process::Failure;

/// The names of the engine's threads.
const THREADS: [&str; 2] = ["voice-media", "voice-recorder"];

/// CPU seconds of the engine's threads so far.
pub fn engine_seconds() -> Result<f64, Failure> {
    let mut sum = 0.0;
    for entry in std::fs::read_dir("/proc/self/task")?.flatten() {
        let name = std::fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
        let file = entry.file_name();
        if let (true, Some(thread)) = (THREADS.contains(&name.trim()), file.to_str()) {
            sum += cpu::seconds_of_thread(thread)?;
        }
    }
    Ok(sum)
}

/// Bytes of memory in use.
pub fn resident() -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes: Option<f64> = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    kibibytes
        .map(|kibibytes| kibibytes * 1_024.0)
        .ok_or_else(|| Failure::new("/proc/self/status has no VmRSS"))
}

/// How busy the machine is: the averages over 1 and 5 minutes.
pub fn load_average() -> Result<String, Failure> {
    let said = std::fs::read_to_string("/proc/loadavg")?;
    Ok(said.split_whitespace().take(2).collect::<Vec<_>>().join(", "))
}
