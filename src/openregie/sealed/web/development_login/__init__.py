"""A login provider where one picks a persona. Only for a synthetic tenant on localhost."""
