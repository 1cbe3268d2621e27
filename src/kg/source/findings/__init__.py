"""What looks wrong or ambiguous to a careful editor: rules over the page as read."""
