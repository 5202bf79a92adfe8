// SPDX-License-Identifier: Apache-2.0

//! A store that fails where a test says.

use async_trait::async_trait;
use futures::{StreamExt, stream::BoxStream};
use object_store::{
	CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
	ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, path::Path,
};
use std::{
	fmt,
	sync::{
		Arc, Mutex,
		atomic::{AtomicUsize, Ordering},
	},
};

/// Passes everything on, but fails writes under one folder, and removals under one.
#[derive(Debug)]
pub(crate) struct Faulty {
	inner: Arc<dyn ObjectStore>,
	broken: Mutex<Option<&'static str>>,
	lasting: Mutex<Option<&'static str>>,
	listed: Arc<AtomicUsize>,
}

impl Faulty {
	pub(crate) fn over(inner: Arc<dyn ObjectStore>) -> Arc<Self> {
		let (broken, lasting, listed) = Default::default();
		Arc::new(Self { inner, broken, lasting, listed })
	}

	/// From now on writes under this folder fail; `None` mends it.
	pub(crate) fn break_writes(&self, folder: Option<&'static str>) {
		*self.broken.lock().unwrap() = folder;
	}

	/// From now on removals under this folder fail; `None` mends it.
	pub(crate) fn break_removals(&self, folder: Option<&'static str>) {
		*self.lasting.lock().unwrap() = folder;
	}

	/// How many names were listed since the last question.
	pub(crate) fn listed(&self) -> usize {
		self.listed.swap(0, Ordering::SeqCst)
	}

	fn check(&self, location: &Path) -> Result<()> {
		outside(location, *self.broken.lock().unwrap())
	}
}

/// Fails when a row lies under the folder.
fn outside(location: &Path, folder: Option<&'static str>) -> Result<()> {
	let under = location.parts().next();
	match folder {
		Some(folder) if under.is_some_and(|under| under.as_ref() == folder) => {
			Err(Error::Generic { store: "faulty", source: "the disk is full".into() })
		},
		_ => Ok(()),
	}
}

impl fmt::Display for Faulty {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "Faulty({})", self.inner)
	}
}

#[async_trait]
impl ObjectStore for Faulty {
	async fn put_opts(
		&self,
		location: &Path,
		payload: PutPayload,
		options: PutOptions,
	) -> Result<PutResult> {
		self.check(location)?;
		self.inner.put_opts(location, payload, options).await
	}

	async fn put_multipart_opts(
		&self,
		location: &Path,
		options: PutMultipartOptions,
	) -> Result<Box<dyn MultipartUpload>> {
		self.check(location)?;
		self.inner.put_multipart_opts(location, options).await
	}

	async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
		self.inner.get_opts(location, options).await
	}

	fn delete_stream(
		&self,
		locations: BoxStream<'static, Result<Path>>,
	) -> BoxStream<'static, Result<Path>> {
		let lasting = *self.lasting.lock().unwrap();
		let checked = locations.map(move |location| {
			let location = location?;
			outside(&location, lasting).map(|()| location)
		});
		self.inner.delete_stream(checked.boxed())
	}

	fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
		let listed = self.listed.clone();
		let count = move |_: &Result<ObjectMeta>| {
			listed.fetch_add(1, Ordering::SeqCst);
		};
		self.inner.list(prefix).inspect(count).boxed()
	}

	async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
		let found = self.inner.list_with_delimiter(prefix).await?;
		let names = found.objects.len() + found.common_prefixes.len();
		self.listed.fetch_add(names, Ordering::SeqCst);
		Ok(found)
	}

	async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
		self.inner.copy_opts(from, to, options).await
	}
}
