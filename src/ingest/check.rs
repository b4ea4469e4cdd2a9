//! Rules over observations (to be written).
