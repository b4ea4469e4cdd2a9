//! The traffic: how many messages may be under way at once. Pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Message;
use crate::settings::MailPace;

/// The connections in use.
#[derive(Debug, Default)]
pub struct Traffic {
    connections: u32,
    domains: BTreeMap<String, u32>,
}

impl Traffic {
    /// Whether one more envelope to `domains` may be under way.
    pub fn admits(&self, pace: &MailPace, domains: &BTreeSet<String>) -> bool {
        let free = |domain| self.domains.get(domain).is_none_or(|used| *used < pace.per_domain_max);
        self.connections < pace.connections_max && domains.iter().all(free)
    }

    /// An envelope to `domains` is under way.
    pub fn enter(&mut self, domains: &BTreeSet<String>) {
        self.connections += 1;
        for domain in domains {
            *self.domains.entry(domain.clone()).or_default() += 1;
        }
    }

    /// It is no longer.
    pub fn leave(&mut self, domains: &BTreeSet<String>) {
        self.connections = self.connections.saturating_sub(1);
        for domain in domains {
            if let Some(used) = self.domains.get_mut(domain) {
                *used = used.saturating_sub(1);
            }
        }
    }
}

/// The domains of an envelope, in lower case.
pub fn domains(message: &Message) -> BTreeSet<String> {
    message.recipients.iter().filter_map(|recipient| recipient.rsplit_once('@')).map(|(_, domain)| domain.to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever comes and goes: the limits hold, and everything that came in can go on in the end.
        #[test]
        fn the_limits_hold(envelopes in proptest::collection::vec(proptest::collection::btree_set("[a-d]", 1..4), 1..60)) {
            let pace = MailPace { connections_max: 3, per_domain_max: 2, ..MailPace::default() };
            let (mut traffic, mut under_way) = (Traffic::default(), Vec::new());
            for domains in envelopes {
                while !traffic.admits(&pace, &domains) {
                    prop_assert!(!under_way.is_empty(), "an empty road admits everything");
                    traffic.leave(&under_way.remove(0));
                }
                traffic.enter(&domains);
                under_way.push(domains);
                prop_assert!(under_way.len() <= 3);
                for domain in ["a", "b", "c", "d"] {
                    prop_assert!(under_way.iter().filter(|domains| domains.contains(domain)).count() <= 2);
                }
            }
        }
    }
}
