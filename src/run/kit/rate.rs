//! The rate: how fast messages may leave. Pure: time comes in as seconds.

/// A token bucket: as many messages as a minute allows may leave in one burst, then one for each token that comes in.
///
/// Counted in sixtieths of a message, so that a second brings `rate_per_minute` of them and nothing is rounded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rate {
    level: i64,
    /// Unix seconds of the last look; `None`: full.
    at: Option<i64>,
}

/// What one message costs.
const MESSAGE: i64 = 60;

impl Rate {
    /// Takes the token of one message at `wall` (Unix seconds).
    ///
    /// # Errors
    /// The seconds until there is one.
    pub fn take(&mut self, wall: i64, per_minute: u32) -> Result<(), u32> {
        let per_second = i64::from(per_minute.max(1));
        let full = per_second.saturating_mul(MESSAGE);
        // A clock that went back brings nothing and takes nothing.
        let passed = self.at.map_or(i64::MAX, |at| wall.saturating_sub(at).max(0));
        self.level = full.min(self.level.saturating_add(passed.saturating_mul(per_second)));
        self.at = Some(wall);
        if self.level >= MESSAGE {
            self.level -= MESSAGE;
            return Ok(());
        }
        Err(u32::try_from((MESSAGE - self.level + per_second - 1) / per_second).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_run_of_eleven_is_not_slowed_and_the_rest_comes_with_the_tokens() {
        let mut rate = Rate::default();
        let burst = (0..100).take_while(|_| rate.take(1_000, 60).is_ok()).count();
        assert_eq!(burst, 60);
        assert_eq!(rate.take(1_000, 60), Err(1));
        assert_eq!(rate.take(1_001, 60), Ok(()));
        assert_eq!(rate.take(900, 60), Err(1), "a clock that went back brings nothing");
        assert_eq!(rate.take(901, 60), Ok(()));
        let mut slow = Rate::default();
        assert_eq!((slow.take(0, 1), slow.take(0, 1), slow.take(59, 1), slow.take(60, 1)), (Ok(()), Err(60), Err(1), Ok(())));
    }

    proptest! {
        /// However the looks fall: never more than a burst and what the time brought, and the wait that is told is enough.
        #[test]
        fn the_rate_is_kept(per_minute in 1_u32..200, looks in proptest::collection::vec(0_i64..90, 1..200)) {
            let (mut rate, mut wall, mut sent) = (Rate::default(), 0, 0_i64);
            for passed in looks {
                wall += passed;
                match rate.take(wall, per_minute) {
                    Ok(()) => sent += 1,
                    Err(wait) => {
                        prop_assert!(wait >= 1);
                        prop_assert_eq!(rate.clone().take(wall + i64::from(wait), per_minute), Ok(()));
                    }
                }
                prop_assert!(sent <= i64::from(per_minute) + wall * i64::from(per_minute) / 60 + 1);
            }
        }
    }
}
