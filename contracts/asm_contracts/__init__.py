"""What the Service Management API promises: documents, operations, errors, and the suite that checks an endpoint."""
