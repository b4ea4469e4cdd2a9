//! A sample plan and month for tests.
