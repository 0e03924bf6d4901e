"""达标预判与达标方案: what is known of the months to come and the cheapest way to the target, for pages and papers."""
