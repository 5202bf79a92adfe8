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
	for _ in 0..PATIENCE {
		match ask().await {
			Err(CustodianError::Refused { status, code, .. })
				if status == 429 || code == "gateway-busy" =>
			{
				tokio::time::sleep(Duration::from_secs(1)).await;
			},
			answer => return answer,
		}
	}
	ask().await
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
}
