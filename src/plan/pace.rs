//! Pace (序时进度): the share of a target expected by a data month.
