"""The hands on the page: one small state machine for each way of using mouse or keys."""
