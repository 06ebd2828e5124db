//! The properties and the worked cases of the house's own tests, compiled here.

#[path = "../../it"]
mod it {
    mod attribution_engine;
}
