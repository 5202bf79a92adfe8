// SPDX-License-Identifier: Apache-2.0

//! Waiting for a custodian that has had enough requests for the moment.

use salus_client::custodian::CustodianError;
use std::{future::Future, time::Duration};

/// How often a custodian is asked again that has had enough requests for the moment.
const PATIENCE: u32 = 600;

/// Asks again while the custodian says that there were too many requests.
pub(super) async fn patiently<T, F: Future<Output = Result<T, CustodianError>>>(
	ask: impl Fn() -> F,
) -> Result<T, CustodianError> {
	let has_had_enough = |error: &CustodianError| {
		matches!(error, CustodianError::Refused { status, code, .. }
			if *status == 429 || code == "gateway-busy")
	};
	let mut patience = PATIENCE;
	with_patience(&mut patience, has_had_enough, ask).await
}

/// Asks again, a second apart, while the answer is one that waiting may change and patience is left.
/// What is used of it is gone for what is asked next.
pub(crate) async fn with_patience<T, F: Future<Output = Result<T, CustodianError>>>(
	patience: &mut u32,
	may_pass: impl Fn(&CustodianError) -> bool,
	ask: impl Fn() -> F,
) -> Result<T, CustodianError> {
	loop {
		match ask().await {
			Err(error) if *patience > 0 && may_pass(&error) => {
				*patience = patience.saturating_sub(1);
				tokio::time::sleep(Duration::from_secs(1)).await;
			},
			answer => return answer,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::cell::Cell;

	#[tokio::test(start_paused = true)]
	async fn a_custodian_that_has_had_enough_is_asked_again() {
		let refusal = |status| CustodianError::Refused {
			status,
			code: String::new(),
			message: String::new(),
		};
		let asked = Cell::new(0);
		let third_time = || {
			asked.set(asked.get() + 1);
			let answer = if asked.get() < 3 { Err(refusal(429)) } else { Ok(7) };
			async move { answer }
		};
		assert_eq!(patiently(third_time).await.unwrap(), 7);
		assert_eq!(asked.get(), 3);

		asked.set(0);
		let never = || {
			asked.set(asked.get() + 1);
			async { Err::<(), _>(refusal(429)) }
		};
		assert!(patiently(never).await.is_err());
		assert_eq!(asked.get(), PATIENCE + 1);

		asked.set(0);
		let forbidden = || {
			asked.set(asked.get() + 1);
			async { Err::<(), _>(refusal(403)) }
		};
		assert!(patiently(forbidden).await.is_err());
		assert_eq!(asked.get(), 1);
	}

	#[tokio::test(start_paused = true)]
	async fn patience_is_shared_and_spent_on_nothing_that_stays() {
		let asked = Cell::new(0);
		let refuse = |status| {
			asked.set(asked.get() + 1);
			let (code, message) = (String::new(), String::new());
			async move { Err::<(), _>(CustodianError::Refused { status, code, message }) }
		};
		let is_busy =
			|error: &CustodianError| matches!(error, CustodianError::Refused { status: 503, .. });
		let mut left = 3;
		assert!(with_patience(&mut left, is_busy, || refuse(403)).await.is_err());
		assert_eq!((asked.get(), left), (1, 3), "what stays is asked once");
		assert!(with_patience(&mut left, is_busy, || refuse(503)).await.is_err());
		assert_eq!((asked.get(), left), (1 + 4, 0));
		assert!(with_patience(&mut left, is_busy, || refuse(503)).await.is_err());
		assert_eq!(asked.get(), 6, "the next is asked once, when nothing is left");
	}
}
