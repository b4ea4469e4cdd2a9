//! Integration tests, in the order of the flow. One binary; the harness runs the real program in a scratch workspace.

mod harness;

mod architecture;
mod check;
mod month;
mod refusals;
mod again;
mod mail;
mod recompute;
