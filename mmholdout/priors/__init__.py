"""How well prior boxes fit the objects of a data set, and priors that fit better."""
