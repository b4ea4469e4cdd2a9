//! The `[limits]` table: limits on everything from outside.

use super::table::Table;

/// Limits on everything from outside.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Limits {
    pub file_bytes_max: u64,
    pub zip_entries_max: usize,
    pub inflated_bytes_max: u64,
    pub inflate_ratio_max: u64,
    pub sheet_rows_max: u32,
    pub sheet_columns_max: u32,
    pub cells_max: u64,
    /// Address space of the worker above its size at start.
    pub worker_bytes_max: u64,
    /// Processor time a file.
    pub worker_cpu_seconds_max: u64,
    /// Seconds without any processor time used, after which a worker is taken for stuck.
    pub worker_seconds_max: u64,
    /// Worker processes side by side.
    pub workers: usize,
    /// Room on the disk below which nothing more is taken in.
    pub disk_reserve_bytes: u64,
    /// So many files one poll takes in; a run by hand takes all.
    pub poll_files_max: usize,
    /// So many bytes one poll reads.
    pub poll_bytes_max: u64,
    /// How long a run holds its period without renewing it; a frozen one loses it then.
    pub lease_seconds: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes_max: 50 << 20,
            zip_entries_max: 1_000,
            inflated_bytes_max: 256 << 20,
            inflate_ratio_max: 100,
            sheet_rows_max: 1_048_576,
            sheet_columns_max: 512,
            cells_max: 5_000_000,
            worker_bytes_max: 384 << 20,
            worker_cpu_seconds_max: 20,
            worker_seconds_max: 60,
            workers: 2,
            disk_reserve_bytes: 64 << 20,
            poll_files_max: 2_000,
            poll_bytes_max: 2 << 30,
            lease_seconds: 600,
        }
    }
}

/// Reads the table.
pub fn read(table: Table<'_>) -> Limits {
    let mut limits = Limits::default();
    let large: [(&'static str, &mut u64); 9] = [
        ("file_bytes_max", &mut limits.file_bytes_max),
        ("inflated_bytes_max", &mut limits.inflated_bytes_max),
        ("inflate_ratio_max", &mut limits.inflate_ratio_max),
        ("cells_max", &mut limits.cells_max),
        ("worker_bytes_max", &mut limits.worker_bytes_max),
        ("worker_cpu_seconds_max", &mut limits.worker_cpu_seconds_max),
        ("worker_seconds_max", &mut limits.worker_seconds_max),
        ("disk_reserve_bytes", &mut limits.disk_reserve_bytes),
        ("poll_bytes_max", &mut limits.poll_bytes_max),
    ];
    for (key, field) in large {
        if let Some(value) = table.integer(key, 1..=1 << 40) {
            *field = value.value;
        }
    }
    if let Some(value) = table.small("lease_seconds", 1..=86_400) {
        limits.lease_seconds = i64::from(value.value);
    }
    for (key, field) in [("sheet_rows_max", &mut limits.sheet_rows_max), ("sheet_columns_max", &mut limits.sheet_columns_max)] {
        if let Some(value) = table.small(key, 1..=1 << 20) {
            *field = value.value;
        }
    }
    let counts = [
        ("zip_entries_max", &mut limits.zip_entries_max),
        ("workers", &mut limits.workers),
        ("poll_files_max", &mut limits.poll_files_max),
    ];
    for (key, field) in counts {
        if let Some(value) = table.small(key, 1..=100_000) {
            *field = usize::try_from(value.value).unwrap_or(*field);
        }
    }
    table.finish();
    limits
}
