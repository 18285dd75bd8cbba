# 工作人员页面上的话。

staff-brand = 明白 · 工作台
