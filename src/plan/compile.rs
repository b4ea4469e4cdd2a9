//! From `config/` and `pipelines/` as written to the checked [`Plan`](super::Plan).
