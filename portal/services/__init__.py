"""服务项目和活动记录: what is offered, what was done, and how a change of what is offered reaches the district."""
