"""What everything else speaks of: the model of a page, dates, IRIs, errors, settings."""
