//! Each address is asked once: many reports need the same answers, and a server that is down is waited for once.

use std::cell::RefCell;
use std::collections::HashMap;

use anyhow::{Result, anyhow};

use crate::sign::Network;

/// A network that remembers what it was answered, refusals too.
pub struct Once<'a> {
    network: &'a dyn Network,
    answers: RefCell<HashMap<Question, Result<Vec<u8>, String>>>,
}

/// An address, and what is posted to it.
type Question = (String, Option<Vec<u8>>);

impl<'a> Once<'a> {
    /// Stands between a network and who asks it.
    #[must_use]
    pub fn new(network: &'a dyn Network) -> Self {
        Self { network, answers: RefCell::default() }
    }

    fn answer(&self, url: &str, request: Option<&[u8]>) -> Result<Vec<u8>> {
        let question = (url.to_owned(), request.map(<[u8]>::to_vec));
        if let Some(answer) = self.answers.borrow().get(&question) {
            return answer.clone().map_err(|reason| anyhow!(reason));
        }
        let answer = match request {
            Some(request) => self.network.ocsp(url, request),
            None => self.network.get(url),
        };
        let answer = answer.map_err(|error| format!("{error:#}"));
        self.answers.borrow_mut().insert(question, answer.clone());
        answer.map_err(|reason| anyhow!(reason))
    }
}

impl Network for Once<'_> {
    fn ocsp(&self, url: &str, request: &[u8]) -> Result<Vec<u8>> {
        self.answer(url, Some(request))
    }

    fn get(&self, url: &str) -> Result<Vec<u8>> {
        self.answer(url, None)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// Answers with how often it was asked, and to the address «caído» not at all.
    struct Counting(Cell<u8>);

    impl Network for Counting {
        fn ocsp(&self, url: &str, _: &[u8]) -> Result<Vec<u8>> {
            self.get(url)
        }

        fn get(&self, url: &str) -> Result<Vec<u8>> {
            self.0.set(self.0.get() + 1);
            if url == "caído" { Err(anyhow!("no se alcanza")) } else { Ok(vec![self.0.get()]) }
        }
    }

    #[test]
    fn the_same_question_is_asked_once_and_another_one_again() {
        let counting = Counting(Cell::new(0));
        let once = Once::new(&counting);
        for _ in 0..2 {
            assert_eq!(once.get("a").unwrap(), [1]);
            assert_eq!(once.ocsp("a", b"x").unwrap(), [2]);
            assert_eq!(once.ocsp("a", b"y").unwrap(), [3]);
            assert_eq!(once.get("caído").unwrap_err().to_string(), "no se alcanza");
        }
        assert_eq!(counting.0.get(), 4);
    }
}
