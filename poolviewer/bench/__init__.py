"""`poolviewer bench`: the meters' figures of the whole application, on a synthetic source."""
