"""Drivers of the contract suite that go over the wire: our client, the official Python SDK, and hand-written XML."""
